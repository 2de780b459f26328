"""What the programs are put together from: definitions, and expressions and statements with holes.

One template a line. A hole `<name>` is filled: `x`, `c`, `d` are names of scalars, dicts and lists, `scalar`, `dict`,
`list`, `any` expressions, `atom` a plain scalar, `text` mostly a text, `key` a key, `test` a test.
"""

from __future__ import annotations


def lines_of(text: str) -> list[str]:
    """The lines of a text that hold something."""
    return [line for line in text.splitlines() if line]


IMPORTS = """\
import collections, os, types
from dataclasses import field, replace, asdict
from pathlib import Path
"""
# What a program may use, each with the letters that give away that it does: the later ones may use the earlier ones.
DEFINITIONS = {
    "ub": """\
class Sub(Box):
    extra = "s"
    def __init__(self, value, *rest, **more):
        super().__init__(value, more)
        self.rest = rest
    def table(self):
        held = super().table()
        held["n"] = self.extra
        return held
    @property
    def doubled(self):
        return [self.value, self.value]
    @classmethod
    def made(cls, value):
        return cls(value, 1, k=value)
    @staticmethod
    def plain(value=2):
        return {"k": value}
    def __enter__(self):
        return self
    def __exit__(self, *what):
        self.value = "left"
        return flag()
sub = Sub(1)
""",
    "rgs": """\
@dataclass
class Args:
    k: int = 4
    m: str = "d"
    n: list = field(default_factory=list)
    def __post_init__(self):
        if self.m == "x":
            self.k = 0
@dataclass
class MoreArgs(Args):
    o: object = None
    k: int = 5
args = Args()
""",
    "again": """\
def again(function):
    @functools.wraps(function)
    def inner(*args, **kwargs):
        function(*args, **kwargs)
        return function(*args, **kwargs)
    return inner
""",
    "marked": """\
def marked(function):
    function.mark = 1
    return function
""",
    "given": """\
def given(value):
    def decorate(function):
        def inner(*args, **kwargs):
            return value
        return inner
    return decorate
""",
    "around": """\
@contextlib.contextmanager
def around(value):
    c["n"] = value
    try:
        yield c
    finally:
        c["n"] = None
""",
    "numbers": """\
def numbers(n=2):
    for i in range(n):
        yield i
""",
    "step": """\
def counter():
    count = 0
    def step(by=1):
        nonlocal count
        count += by
        return count
    return step
step = counter()
""",
    "grow": """\
def grow(value, into=[]):
    into.append(value)
    return into
""",
    "gather": """\
def gather(*items, k=1, **named):
    return {"k": k, "m": list(items), **named}
""",
}
TEXTS = ('"x"', '"y"', '"a/b.c"', '"1"', '""')
SCALARS = lines_of("""
os.environ.get('V_A', <scalar>)
os.environ.get("V_B", <scalar>)
int(os.environ.get('V_A', '2'))
(os.getenv('V_B') or <scalar>)
os.environ.setdefault('V_A', <text>)
str(Path(<text>) / <text>)
os.path.join(<text>, <text>)
Path(<text>).name
Path(<text>).stem
Path(<text>).suffix
str(Path(<text>).parent)
str(Path(<text>).parent.parent)
str(Path(<text>).with_suffix('.e'))
str(Path(<text>).with_name('f'))
os.path.basename(<text>)
os.path.dirname(<text>)
os.path.normpath(<text>)
Path(<text>, <text>)
Path(<text>).joinpath(<text>, 'z').as_posix()
f'{<scalar>!r}|{<x>:>3}'
f'{<x>=}'
f'{<x>:{<text>}}'
f"{<text>}/{<x>}"
'%s-%s' % (<scalar>, <x>)
'%d' % <x>
'{}/{k}'.format(<scalar>, k=<x>)
<text>.upper()
<text>.strip('x')
<text>.split('/')[0]
<text>.rsplit('/', 1)[-1]
<text>.replace('x', <text>)
<text>.startswith('x')
<text>.endswith(('c', 'y'))
<text>.join(['p', <text>])
<text>.format(k=1)
','.join(str(i) for i in <d>)
any(i == <scalar> for i in <d>)
all(<d>)
min(<scalar>, <scalar>, key=str)
next((i for i in <d> if i), <scalar>)
next(iter(<d>), <scalar>)
sub.value
sub.extra
sub.doubled[0]
Sub.shared
Sub.plain(<scalar>)['k']
Sub.made(<scalar>).value
sub.change(<scalar>).value
args.k
args.m
sub.shared
box.extra
args.o
getattr(args, <key>, <scalar>)
getattr(sub, <key>, <scalar>)
hasattr(args, <key>)
replace(args, k=<scalar>).k
replace(args, m='x').k
Args(k=<scalar>).m
Args(<scalar>, 'x').k
MoreArgs(<scalar>, o=<scalar>).o
MoreArgs(o=<scalar>).k
asdict(args).get(<key>)
step()
step(2)
step(<scalar>)
len(grow(<scalar>))
gather(<scalar>, *<d>, k=<scalar>)['k']
gather(**<c>)['k']
(lambda p=a, *q, **r: p)()
(lambda p=a, *q, **r: p)(<scalar>)
(lambda p=a, *q, **r: p)(*<d>)
divmod(7, <x>)[1]
round(<scalar>, 1)
(<scalar> if isinstance(<x>, str) else <scalar>)
(<x> in <d>)
(<x> not in <c>)
(<x> is not None and <scalar>)
(0 <= <x> <= <scalar>)
(<d>[-1:] == <d>[1:])
type(<x>).__name__
sum(i for i in <d> if isinstance(i, int))
sorted(<d>, key=str)[0]
-<scalar>
+<x>
~<x>
(<scalar> - <scalar>)
(<scalar> * <x>)
(<scalar> % <scalar>)
(<scalar> / <scalar>)
(<scalar> // <scalar>)
(<scalar> ** 2)
(<x> | <x>)
(<x> < <scalar>)
(<x> != <scalar>)
bool(<scalar>)
float(<scalar>)
int(<text>)
str(<any>)
repr(<x>)
abs(<x>)
len(<c>)
len(<text>)
[*<c>][0]
(<c>.keys() == {'k'})
(<c> is <c>)
(<c> == <c>)
(<d> == <d>)
functools.reduce(lambda p, q: q, <d>, <scalar>)
functools.partial(gather, <scalar>, k=3)(k=<scalar>)['k']
max(<d>)
max(<d>, default=<scalar>)
isinstance(<any>, dict)
isinstance(args, Args)
isinstance(sub, Box)
callable(<x>)
{'k': <scalar>, 'x': <scalar>}.get(<x>, <scalar>)
{True: <scalar>, False: 0}[bool(<x>)]
(<scalar>, <scalar>)[<test>]
""")
DICTS = lines_of("""
vars(args)
vars(sub)
sub.__dict__
asdict(args)
asdict(MoreArgs(k=<any>))
gather(*<d>, **<c>)
gather(<any>, n=2)
sub.table()
Sub.plain()
Sub.made(<any>).table()
{k: [v] for k, v in <c>.items()}
{k: v for held in (<c>, <c>) for k, v in held.items() if v is not None}
{i: j for i, j in zip('kmn', <d>)}
{k: k for k in 'km' if <test>}
{**<c>, **<c>, 'k': <any>}
dict(<c>.items())
dict([('k', <any>)], m=2)
dict(**<c>)
dict.fromkeys(('k', 'm'), <any>)
(<c> or <c>)
(<c> and <dict>)
next(iter([<c>]))
[<c>, <c>][0]
[<c>, <c>][<x>]
{**(<c> if <test> else {}), 'm': 1}
max([<c>, {'k': 3}], key=len)
(<x>, <c>)[1]
vars(box)
vars(replace(args, m=<any>))
(lambda **p: p)(**<c>, z=1)
grow(<c>)[0]
types.SimpleNamespace(**<c>).__dict__
vars(types.SimpleNamespace(k=<any>, m=2))
{<x>: <any>}
{'k': 1, <key>: <any>}
collections.OrderedDict(k=<any>)
collections.ChainMap({}, <c>)['k']
""")
LISTS = lines_of("""
grow(<any>)
grow(<any>, <d>)
[*numbers()]
[*numbers(1)]
list(numbers())
[i for i in (<any>, 2) if i]
[j for i in [<d>, [3]] for j in i]
[(i, j) for i, j in enumerate(<d>)]
[last := i for i in <d>]
sorted(<d>, key=str)
sorted(<d>)
list(map(str, <d>))
list(filter(None, <d>))
list(reversed(<d>))
list(zip(<d>, <d>))
[f'{i}' for i in <d>]
list(<c>.values())
list(<c>.items())
[k for k in <c>]
sub.doubled
args.n
list(sub.rest)
(<d> or [<any>])
[[<any>], <d>][0]
<d>[::-1]
<d>[1:]
<d>[<x>:]
gather(*<d>)['m']
Args().n
MoreArgs().n
(lambda *p: list(p))(*<d>, <any>)
[<any>] * 2
[[]] * 2
list({<atom>, <atom>})
'a,b'.split(',')
<text>.split('/')
<text>.split(',')
list(<text>)
[*<d>, *<d>]
(<d> and <list>)
list(range(<x>))
[i for i in range(3) if i != <x>]
list(dict.fromkeys(<d>))
[(last := i) for i in <d>][:1]
""")
STATEMENTS = lines_of("""
setattr(args, <key>, <any>)
setattr(sub, 'value', <any>)
args.k = <any>
args.m = <text>
args.n = <list>
args.z = <any>
args = Args(<any>, m=<text>)
args = MoreArgs(<any>, m=<text>)
args = replace(args, k=<any>)
args = replace(args, m=<text>)
args.n.append(<any>)
args.k += <scalar>
vars(args)['m'] = <any>
vars(args).update(<c>)
args2 = args; args2.k = 6
args2 = copy.copy(args); args2.k = 8; args = args2
args2 = copy.deepcopy(args); args2.n.append(3)
sub = Sub(<any>)
sub = Sub(<any>, <any>, k=<any>)
sub = Sub.made(<any>)
sub.note()
sub.keep(<x>)
sub.change(<any>)
sub.table()['k'] = <any>
sub.rest = <any>
Sub.extra = <atom>
sub.shared = <any>
Sub.shared = <any>
Box.table = lambda self: {'k': 9}
Box.change = Box.keep
sub.table = lambda: {'m': 9}
del sub.value
del args.m
Args.m = <text>
Args.k = <x>
opaque(args)
opaque(sub)
opaque(step)
opaque(Sub)
opaque(grow)
opaque(vars(args))
opaque(sub.change)
opaque([<c>, sub])
opaque(lambda: setattr(args, 'k', 11))
opaque(lambda p=c: p.clear())
del <d>[0]
del <d>[:1]
del <c>[<key>]
<d>[0:1] = [<any>, 3]
<d>[<x>] = <any>
del <x>
<x> = <x> = <any>
<c> = <c> = {}
<c>, <c> = <c>, <c>
(<x>, *<d>), <c> = [1, 2, 3], <c>
<x>, <x> = <x>, <x>
<x>, <x> = <d>
<x>, *<d> = <text>
<c>['m'], <x> = <x>, <any>
<d>.reverse()
<d>.clear()
<d>.remove(1)
<d>.sort(key=repr)
<d>.index(1)
<x> = <d>.pop(0)
<x> = <c>.pop(<key>)
<c>.clear()
<c>.popitem()
<c>.update([('k', <any>)], m=3)
<c>.update({**<c>, 'n': <any>})
<x> -= 1
<x> *= 2
<x> += <scalar>
<c>['k'] += 1
<c>['k'] = <c>.get('k', 0) + 1
<d> *= 2
<d> += <text>
grow(<any>, <d>)
step()
step = counter()
step = lambda by=1: by
step = functools.partial(step, 3)
for i in <d>: <c>[str(i)] = i
for <x> in numbers(): pass
[<c>.update(k=i) for i in <d>]
<c> = {k: <any> for k in <c>}
os.environ['V_A'] = <text>
os.environ.pop('V_A', None)
import elsewhere; <x> = elsewhere.flag()
<x>: int = <any>
x = SFTConfig(k=a, m=b); x.k = <x>; SFTConfig(u=x.k)
x = SFTConfig(k=a); x.k = <any>; y = x; y.k = 2; SFTConfig(u=x.k)
x = SFTConfig(k=a); opaque(x); SFTConfig(u=1)
assert isinstance(<x>, (int, str))
h = grow; h(<any>)
h = (lambda p=[]: p); h().append(<any>); <d> = h()
h = [lambda: i for i in <d>]; <x> = h[0]() if h else 0
h = [lambda i=i: i for i in <d>]; <x> = h[-1]() if h else 0
h = {'k': grow, 'm': gather}; <d> = h['k'](<any>)
h = sub.change if <test> else sub.keep; h(<any>)
h = getattr(sub, 'change'); h(<any>)
h = <d>.append if <test> else <d>.extend; h([1])
h = numbers(); next(h); <x> = next(h)
h = iter(<d>); <x> = next(h); <d> = list(h)
h = zip(<d>, <d>); <d> = list(h); g = list(h)
h = map(grow, <d>); <x> = next(h, 0)
h = (i for i in <d>); <d>.append(4); g = list(h)
globals()['a'] = <any>
exec('a = 3')
if <test>: <x> = <any>
if (<x> := <any>): <c>['m'] = <x>
if not <x>: <x> = <scalar>
if <x> is None: <x> = <scalar>
if 'k' not in <c>: <c>['k'] = <any>
while flag(): <x> = <any>
<c> = <c> if <c> else {'k': <any>}
<x> = <x> or <scalar>
print(<any>)
lambda: <any>
(<x>, <c>)
<any>
SFTConfig(u=<any>, v=<any>)
SFTConfig(u=<x>, **{'v': <any>})
SFTConfig(u=lambda: 1, v=args, w=sub.value)
SFTConfig(**vars(args))
SFTConfig(**asdict(args))
SFTConfig(**gather(<any>))
SFTConfig(**{k: v for k, v in <c>.items() if isinstance(k, str)})
""")
LOOPS = lines_of("""
for i, <x> in enumerate(<d>[:3]):
for i, <x> in enumerate(<d>):
for <x> in <d>:
for k, v in zip('km', <d>):
for c['k'] in <d>[:3]:
for args.k in (1, 2):
for (<x>, b) in [(1, 2), (3, 'z')]:
for <x> in numbers():
for k, <c> in [('k', <c>), ('m', {})]:
for k in sorted(<c>, key=str):
while <test> and flag():
while (<x> := <any>) and flag():
for box.value in (1, 'q'):
for i in range(1):
for i in range(3):
for i in range(len(<d>)):
for <x> in 'xy':
for <x> in {<atom>: 1, <atom>: 2}:
for <x> in reversed(<d>):
for h in (grow, lambda p: p):
""")
CONTEXTS = lines_of("""
with around(<any>) as c:
with around(<any>):
with sub:
with sub as box:
with contextlib.nullcontext(<any>) as <x>:
with contextlib.nullcontext(<dict>) as <c>:
with contextlib.suppress(ValueError), around(<any>) as e:
with contextlib.ExitStack() as stack:
with contextlib.suppress(KeyError):
""")
SUBJECTS = ("<c>", "<d>", "<x>", "args", "(<any>, 1)", "sub", "<any>")
PATTERNS = lines_of("""
{'k': a}
{'k': 1 | 2 as a, **rest}
{'k': {'k': a}}
[a, b]
[a, *d]
(1 | 'x') as b
int(a)
str()
Args(k=a)
Box(value=b)
None
[]
{}
True
1.0
1
'x'
[{'k': a}, _]
(a, 1)
dict() as c
""")
DECORATORS = ("", "", "", "@again", "@marked", "@given(a)", "@functools.lru_cache", "@functools.wraps(len)")
PARAMETERS = ("", "p=1", "p=c", "*p", "p={}, **q", "p=a, *, q=2", "p=d", "p=args")

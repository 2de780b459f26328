"""The source tree of one package as parsed modules, and what each name in them refers to."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from trl_lint_rules.facts.extract.errors import UnknownShapeError

_STRUCTURE = "_import_structure"


@dataclass(frozen=True)
class Binding:
    """What a module binds a name to: a class, a function, an assigned expression, or an import of `source`.

    `source` is (module, name); name is "" where a module itself is imported.
    """

    kind: str
    node: ast.AST
    source: tuple[str, str] = ("", "")


@dataclass
class Tree:
    """The modules of the package `root`; `files` maps paths inside the wheel to text."""

    root: str
    files: Mapping[str, str]
    _modules: dict[str, str] = field(default_factory=dict)
    _parsed: dict[str, ast.Module] = field(default_factory=dict)
    _bound: dict[str, dict[str, Binding]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for path in self.files:
            if path.startswith(f"{self.root}/") and path.endswith(".py"):
                self._modules[path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")] = path

    @property
    def modules(self) -> list[str]:
        """Dotted names of all modules, sorted."""
        return sorted(self._modules)

    def is_package(self, module: str) -> bool:
        """Whether this module has submodules (is an `__init__.py`)."""
        return self._modules.get(module, "").endswith("/__init__.py")

    def parsed(self, module: str) -> ast.Module:
        """The syntax tree of `module`. Raises KeyError where there is none."""
        if module not in self._parsed:
            path = self._modules[module]
            try:
                self._parsed[module] = ast.parse(self.files[path])
            except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
                line = error.lineno if isinstance(error, SyntaxError) else None
                raise UnknownShapeError(f"{path}:{line or 1}: cannot be parsed ({error})") from error
        return self._parsed[module]

    def place(self, module: str, node: ast.AST | None = None) -> str:
        """Where `node` stands, as `path:line`; only the path where there is no line to tell."""
        path = self._modules.get(module, module)
        return f"{path}:{node.lineno}" if isinstance(node, (ast.stmt, ast.expr)) else path

    def absolute(self, module: str, node: ast.ImportFrom) -> str:
        """The dotted name of the module that `node`, standing in `module`, imports from."""
        if not node.level:
            return node.module or ""
        base = module.split(".") if self.is_package(module) else module.split(".")[:-1]
        base = base[: len(base) - (node.level - 1)]
        return ".".join([*base, *([node.module] if node.module else [])])

    def bindings(self, module: str) -> dict[str, Binding]:
        """Every name that running `module` binds at its top level, conditional ones included; the last one wins."""
        if module not in self._bound:
            found: dict[str, Binding] = {}
            for statement in statements(self.parsed(module).body):
                self._bind(module, statement, found)
            self._bound[module] = found
        return self._bound[module]

    def _bind(self, module: str, statement: ast.stmt, found: dict[str, Binding]) -> None:
        if isinstance(statement, ast.ClassDef):
            found[statement.name] = Binding("class", statement)
        elif isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            found[statement.name] = Binding("function", statement)
        elif isinstance(statement, ast.ImportFrom):
            self._bind_from(module, statement, found)
        elif isinstance(statement, ast.Import):
            for alias in statement.names:
                bound = alias.asname or alias.name.partition(".")[0]
                found[bound] = Binding("import", statement, (alias.name if alias.asname else bound, ""))
        elif isinstance(statement, ast.Assign):
            for target in statement.targets:
                for name in ast.walk(target):
                    if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store):
                        found[name.id] = Binding("assign", statement.value)
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value:
            found[statement.target.id] = Binding("assign", statement.value)

    def _bind_from(self, module: str, statement: ast.ImportFrom, found: dict[str, Binding]) -> None:
        source = self.absolute(module, statement)
        for alias in statement.names:
            if alias.name == "*":
                if source in self._modules:
                    found.update({n: b for n, b in self.bindings(source).items() if not n.startswith("_")})
                continue
            found[alias.asname or alias.name] = Binding("import", statement, (source, alias.name))

    def resolve(self, module: str, name: str) -> tuple[str, str, Binding] | None:
        """Where `name`, used in `module`, is really defined: (module, name there, its binding).

        For a name from another package the binding is the last import on the way. None: not bound.
        """
        seen: set[tuple[str, str]] = set()
        while (module, name) not in seen and module in self._modules:
            seen.add((module, name))
            binding = self.bindings(module).get(name) or self._lazy_binding(module, name)
            if binding is None:
                return None
            if binding.kind != "import" or binding.source[0] not in self._modules or not binding.source[1]:
                return module, name, binding
            module, name = binding.source
        return None

    def _lazy_binding(self, module: str, name: str) -> Binding | None:
        for sub, names in lazy_structure(self.parsed(module)).items():
            if name in names:
                return Binding("import", self.parsed(module), (f"{module}.{sub}", name))
        return None


def statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The simple statements of a module or class body, those inside `if`, `try` and `with` included."""
    for statement in body:
        if isinstance(statement, (ast.If, ast.Try, ast.With, ast.For)):
            yield from statements(statement.body)
            yield from statements(getattr(statement, "orelse", []))
            for handler in getattr(statement, "handlers", []):
                yield from statements(handler.body)
            yield from statements(getattr(statement, "finalbody", []))
        else:
            yield statement


def lazy_structure(tree: ast.Module) -> dict[str, list[str]]:
    """`_import_structure` of a lazily importing `__init__.py`: submodule to the names it provides."""
    found: dict[str, list[str]] = {}
    for statement in statements(tree.body):
        if isinstance(statement, ast.Assign):
            target = statement.targets[0]
            if isinstance(target, ast.Name) and target.id == _STRUCTURE:
                found.update(ast.literal_eval(statement.value))
            elif isinstance(target, ast.Subscript) and ast.unparse(target.value) == _STRUCTURE:
                found[ast.literal_eval(target.slice)] = ast.literal_eval(statement.value)
        elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            _extend(statement.value, found)
    return found


def _extend(call: ast.Call, found: dict[str, list[str]]) -> None:
    """`_import_structure["sub"].append("Name")` and `.extend([...])`."""
    function = call.func
    if not (isinstance(function, ast.Attribute) and isinstance(function.value, ast.Subscript)):
        return
    owner = function.value
    if isinstance(owner.value, ast.Name) and owner.value.id == _STRUCTURE:
        more = ast.literal_eval(call.args[0])
        found.setdefault(ast.literal_eval(owner.slice), []).extend([more] if isinstance(more, str) else more)

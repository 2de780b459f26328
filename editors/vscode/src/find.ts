/** Where the server is: the program `trl-lint` of the project's environment, what the user says, or the one that came
 * with this extension. */

import { spawn } from "node:child_process";
import { access, constants } from "node:fs/promises";
import * as path from "node:path";

const PROGRAM = process.platform === "win32" ? "trl-lint.exe" : "trl-lint";
const SCRIPTS = process.platform === "win32" ? "Scripts" : "bin";
const PYTHONS = process.platform === "win32" ? ["python.exe"] : ["python3", "python"];
const PATIENCE = 20_000; // milliseconds

/** What the search rests on. `interpreter` is the Python that the user selected, if that is known; `bundled` the file
 * that starts the server of this extension. */
export interface Surroundings {
  configured: string;
  interpreter: string | undefined;
  folders: readonly string[];
  searchPath: string;
  bundled: string;
}

/** How a server is started. */
export interface Start {
  program: string;
  args: string[];
}

/** What can serve, or why nothing was found: each that was tried, with its answer. */
export type Found = Start | { tried: string[] };

/** The first of the surroundings that exists and has its server installed. */
export async function findServer(surroundings: Surroundings): Promise<Found> {
  const tried: string[] = [];
  for (const start of await candidates(surroundings)) {
    const problem = await refusal(start);
    if (problem === undefined) {
      return start;
    }
    tried.push(`${[start.program, ...start.args].join(" ")}: ${problem}`);
  }
  return { tried };
}

async function candidates(surroundings: Surroundings): Promise<Start[]> {
  if (surroundings.configured) {
    return [{ program: surroundings.configured, args: ["server"] }];
  }
  const installed = (await programs(surroundings)).map((program) => ({ program, args: ["server"] }));
  const bundled = (await interpreters(surroundings)).map((program) => ({
    program,
    args: ["-I", surroundings.bundled, "server"], // -I: nothing of the workspace is imported
  }));
  return [...installed, ...bundled];
}

async function interpreters(surroundings: Surroundings): Promise<string[]> {
  const found = surroundings.interpreter ? [surroundings.interpreter] : [];
  for (const folder of surroundings.folders) {
    found.push(...[".venv", "venv"].flatMap((name) => PYTHONS.map((python) => path.join(folder, name, SCRIPTS, python))));
  }
  for (const folder of surroundings.searchPath.split(path.delimiter).filter(path.isAbsolute)) {
    found.push(...PYTHONS.map((python) => path.join(folder, python)));
  }
  return existing(found);
}

async function programs(surroundings: Surroundings): Promise<string[]> {
  const found: string[] = [];
  if (surroundings.interpreter) {
    found.push(path.join(path.dirname(surroundings.interpreter), PROGRAM));
  }
  for (const folder of surroundings.folders) {
    found.push(...[".venv", "venv"].map((name) => path.join(folder, name, SCRIPTS, PROGRAM)));
  }
  const onPath = surroundings.searchPath.split(path.delimiter).filter(path.isAbsolute);
  found.push(...onPath.map((folder) => path.join(folder, PROGRAM)));
  return existing(found);
}

async function existing(files: string[]): Promise<string[]> {
  const runnable = await Promise.all(files.map(isProgram));
  return [...new Set(files.filter((_, index) => runnable[index]))];
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Why a program does not serve. One that does ends in peace when nobody speaks to it. */
function refusal(start: Start): Promise<string | undefined> {
  return new Promise((answer) => {
    let said = "";
    const child = spawn(start.program, start.args, { stdio: ["pipe", "ignore", "pipe"], timeout: PATIENCE });
    child.stderr.on("data", (data: Buffer) => (said += data.toString()));
    child.on("error", (error) => answer(error.message));
    child.on("close", (code) => answer(code === 0 ? undefined : said.trim() || `ended with ${code}`));
    child.stdin.on("error", () => undefined);
    child.stdin.end();
  });
}

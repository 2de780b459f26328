/** Where the server is: the program `trl-lint` of the project's environment, or what the user says. */

import { spawn } from "node:child_process";
import { access, constants } from "node:fs/promises";
import * as path from "node:path";

const PROGRAM = process.platform === "win32" ? "trl-lint.exe" : "trl-lint";
const SCRIPTS = process.platform === "win32" ? "Scripts" : "bin";
const PATIENCE = 20_000; // milliseconds

/** What the search rests on. `interpreter` is the Python that the user selected, if that is known. */
export interface Surroundings {
  configured: string;
  interpreter: string | undefined;
  folders: readonly string[];
  searchPath: string;
}

/** A program that can serve, or why none was found: each that was tried, with its answer. */
export type Found = { program: string } | { tried: string[] };

/** The first program of the surroundings that exists and has its server installed. */
export async function findServer(surroundings: Surroundings): Promise<Found> {
  const tried: string[] = [];
  for (const program of await candidates(surroundings)) {
    const problem = await refusal(program);
    if (problem === undefined) {
      return { program };
    }
    tried.push(`${program}: ${problem}`);
  }
  return { tried };
}

async function candidates(surroundings: Surroundings): Promise<string[]> {
  if (surroundings.configured) {
    return [surroundings.configured];
  }
  const found: string[] = [];
  if (surroundings.interpreter) {
    found.push(path.join(path.dirname(surroundings.interpreter), PROGRAM));
  }
  for (const folder of surroundings.folders) {
    found.push(...[".venv", "venv"].map((name) => path.join(folder, name, SCRIPTS, PROGRAM)));
  }
  const onPath = surroundings.searchPath.split(path.delimiter).filter(path.isAbsolute);
  found.push(...onPath.map((folder) => path.join(folder, PROGRAM)));
  const runnable = await Promise.all(found.map(isProgram));
  return [...new Set(found.filter((_, index) => runnable[index]))];
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
function refusal(program: string): Promise<string | undefined> {
  return new Promise((answer) => {
    let said = "";
    const child = spawn(program, ["server"], { stdio: ["pipe", "ignore", "pipe"], timeout: PATIENCE });
    child.stderr.on("data", (data: Buffer) => (said += data.toString()));
    child.on("error", (error) => answer(error.message));
    child.on("close", (code) => answer(code === 0 ? undefined : said.trim() || `ended with ${code}`));
    child.stdin.on("error", () => undefined);
    child.stdin.end();
  });
}

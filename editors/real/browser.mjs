// What the programs of this folder share: a browser, a server that is waited for, and checks that say what they saw.

import { spawn } from "node:child_process";
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import path from "node:path";

export const PATIENCE = 120_000; // milliseconds

/** Chromium, with a page of the size of the pictures. `work` holds the installed modules. */
export async function openBrowser(work) {
  const { chromium } = createRequire(path.join(work, "package.json"))("playwright-core");
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(PATIENCE);
  return { browser, page };
}

/** A copy of the founding case as a project of its own. */
export function makeProject(top, work) {
  const project = path.join(work, "answers");
  rmSync(project, { recursive: true, force: true });
  mkdirSync(project, { recursive: true });
  cpSync(path.join(top, "examples/founding-case"), project, { recursive: true });
  return project;
}

/** A port of this machine that nobody uses. */
export function freePort() {
  return new Promise((found, failed) => {
    const server = createServer();
    server.on("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });
}

/** Starts a program, and waits until it answers at the address. */
export async function serve(command, args, address, options = {}) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], detached: true, ...options });
  let said = "";
  child.stdout.on("data", (data) => (said += data));
  child.stderr.on("data", (data) => (said += data));
  const stop = () => {
    try {
      process.kill(-child.pid);
    } catch {
      // it has ended already
    }
  };
  for (const end = Date.now() + PATIENCE; Date.now() < end; ) {
    if (child.exitCode !== null) {
      throw new Error(`${command} ended with ${child.exitCode}: ${said}`);
    }
    try {
      await fetch(address);
      return stop;
    } catch {
      await new Promise((next) => setTimeout(next, 250));
    }
  }
  stop();
  throw new Error(`${command} does not answer: ${said}`);
}

/** Says that something was seen, or ends the program. */
export function check(what, holds, seen = "") {
  if (!holds) {
    throw new Error(`not so: ${what}; seen: ${seen}`);
  }
  console.log(`seen: ${what}`);
}

/** Waits for a condition. */
export async function until(what, condition) {
  let last;
  for (const end = Date.now() + PATIENCE; Date.now() < end; ) {
    last = await condition();
    if (last) {
      console.log(`seen: ${what}`);
      return last;
    }
    await new Promise((next) => setTimeout(next, 200));
  }
  throw new Error(`never seen: ${what}`);
}

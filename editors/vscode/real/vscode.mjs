// Opens the founding case in VS Code (code-server), and does what a person would: see the squiggle, hover, take the quick
// fix, save, read the Problems panel, and look at a notebook. Makes the pictures of docs/images.

import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";

import { check, freePort, makeProject, openBrowser, serve, until } from "../../real/browser.mjs";

const [top, work] = process.argv.slice(2);
const images = path.join(top, "docs/images");
mkdirSync(images, { recursive: true });

const project = makeProject(top, work);
// The extension is to find the server in the environment of the project.
mkdirSync(path.join(project, ".venv/bin"), { recursive: true });
symlinkSync(path.join(top, ".venv/bin/trl-lint"), path.join(project, ".venv/bin/trl-lint"));
const before = readFileSync(path.join(project, "train.py"), "utf8");

const data = path.join(work, "data");
rmSync(data, { recursive: true, force: true });
mkdirSync(path.join(data, "User"), { recursive: true });
writeFileSync(
  path.join(data, "User/settings.json"),
  JSON.stringify({
    "workbench.colorTheme": "Default Light Modern",
    "workbench.startupEditor": "none",
    "workbench.tips.enabled": false,
    "editor.minimap.enabled": false,
    "editor.fontSize": 13,
    "editor.lightbulb.enabled": "off",
    "security.workspace.trust.enabled": false,
    "chat.disableAIFeatures": true,
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "telemetry.telemetryLevel": "off",
  }),
);
const program = path.join(work, "node_modules/.bin/code-server");
const flags = ["--user-data-dir", data, "--extensions-dir", path.join(data, "extensions"), "--config", path.join(data, "config.yaml")];
const installed = spawnSync(program, [...flags, "--install-extension", path.join(top, "editors/vscode/dist/trl-lint.vsix")]);
check("the extension is installed", installed.status === 0, installed.stderr.toString());

const port = await freePort();
const address = `http://127.0.0.1:${port}/`;
const serving = [...flags, "--auth", "none", "--bind-addr", `127.0.0.1:${port}`];
const stop = await serve(program, [...serving, "--disable-telemetry", "--disable-update-check", "--disable-workspace-trust"], address);
const { browser, page } = await openBrowser(work);
try {
  await page.goto(`${address}?folder=${project}`);
  await page.waitForSelector(".monaco-workbench");
  await open("train.py");
  await seesTheSquiggle();
  await hovers();
  await readsTheProblems();
  await takesTheQuickFix();
  await ignoresWithAReason();
  await looksAtANotebook();
  await bringsItsOwnServer();
  console.log("VS Code: 7 passed, 0 failed");
} catch (error) {
  await page.screenshot({ path: path.join(work, "failure.png") });
  throw error;
} finally {
  await browser.close();
  stop();
}

async function open(name) {
  await page.keyboard.press("Control+P");
  await page.waitForSelector(".quick-input-widget input");
  await page.keyboard.type(name);
  await page.locator(`.quick-input-list .monaco-list-row[aria-label*="${name}"]`).first().click();
  await page.waitForSelector(`.tab.active[data-resource-name="${name}"]`);
}

async function picture(name) {
  await page.waitForTimeout(500);
  await page.screenshot({ path: path.join(images, `vscode-${name}.png`) });
}

/** Puts the cursor on the setting that the finding is about. */
async function cursorAtFinding(row = 28, column = 45) {
  await page.keyboard.press("Control+G");
  await page.waitForSelector(".quick-input-widget input");
  await page.keyboard.type(`${row}:${column}`);
  await page.keyboard.press("Enter");
  await page.waitForTimeout(500);
}

async function seesTheSquiggle() {
  await page.waitForSelector(".squiggly-error");
  check("a squiggle under the finding", true);
  const lens = page.locator(".codelens-decoration", { hasText: "TRL 1.9.2 from requirements.txt:1" });
  await lens.waitFor();
  check("a code lens that names the release and its line", true);
  await picture("squiggle");
}

async function hovers() {
  await cursorAtFinding();
  await page.keyboard.press("Control+K");
  await page.keyboard.press("Control+I");
  const hover = page.locator(".monaco-hover:not(.hidden)", { hasText: "its default is" }).first();
  await hover.waitFor();
  const text = await hover.innerText();
  check("a hover with the release's default", text.includes("in trl 1.9.2, SFTConfig takes it; its default is False"), text);
  check("a hover with the finding", text.includes("TRL 1.9.2 refuses"), text);
  await picture("hover");
  await page.keyboard.press("Escape");
}

async function readsTheProblems() {
  await page.keyboard.press("Control+Shift+M");
  const row = page.locator(".markers-panel .monaco-list-row", { hasText: "TRL201" }).first();
  await row.waitFor();
  const text = await row.innerText();
  check("the finding in the Problems panel", text.includes("trl-lint"), text);
  await picture("problems");
  await page.keyboard.press("Control+Shift+M");
}

async function chooseFix(title) {
  const action = page.locator(".action-widget .monaco-list-row", { hasText: title }).first();
  await until(`the remedy "${title}"`, async () => {
    await page.keyboard.press("Control+.");
    return action.waitFor({ timeout: 5000 }).then(
      () => true,
      () => page.keyboard.press("Escape"), // a busy machine: once more
    );
  });
  return action;
}

async function save() {
  await page.keyboard.press("Control+S");
}

async function takesTheQuickFix() {
  await open("train.py");
  await cursorAtFinding();
  const action = await chooseFix("pass the tokenizer");
  await picture("quick-fix");
  await action.click();
  await page.waitForTimeout(500);
  await save();
  const rows = 'data_files="data.jsonl", split="train"),\n';
  const after = before.replace(rows, `${rows}    processing_class=tokenizer,\n`);
  await until("the remedy in the saved file, and nothing else", () => readFileSync(path.join(project, "train.py"), "utf8") === after);
  await page.waitForSelector(".squiggly-error", { state: "detached" });
  check("no squiggle any more", true);
}

async function ignoresWithAReason() {
  await open("recipe.yaml");
  await page.waitForSelector(".squiggly-error");
  const recipe = readFileSync(path.join(project, "recipe.yaml"), "utf8");
  const row = recipe.split("\n").findIndex((line) => line.startsWith("assistant_only_loss")) + 1;
  await cursorAtFinding(row, 3);
  await (await chooseFix("Ignore assistant-only-loss-on-vlm here")).click();
  await page.waitForSelector(".quick-input-widget input");
  await page.keyboard.type("our own script passes the tokenizer");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".squiggly-error", { state: "detached" });
  await save();
  const comment = "  # trl-lint: ignore[assistant-only-loss-on-vlm] our own script passes the tokenizer";
  const after = recipe.replace("assistant_only_loss: true", `assistant_only_loss: true${comment}`);
  await until("the comment with the reason in the saved recipe", () => readFileSync(path.join(project, "recipe.yaml"), "utf8") === after);
}

async function looksAtANotebook() {
  await open("train.ipynb");
  await page.waitForSelector(".notebookOverlay .cell-list-container");
  await page.mouse.move(800, 500);
  await until("a squiggle in a cell of a notebook", async () => {
    await page.mouse.wheel(0, 400); // the cell is below, and is drawn when it is seen
    return page.locator(".notebookOverlay .squiggly-error").count();
  });
  await page.mouse.wheel(0, 2000);
  const setting = page.locator(".notebookOverlay .view-line span", { hasText: /^assistant_only_loss$/ }).last();
  await setting.click();
  await page.keyboard.press("Control+K");
  await page.keyboard.press("Control+I");
  await page.locator(".monaco-hover:not(.hidden)", { hasText: "its default is" }).first().waitFor();
  check("a hover in a cell of a notebook", true);
  await picture("notebook");
  await page.keyboard.press("Escape");
  await setting.click(); // Escape leaves the cell, too
  const notebook = readFileSync(path.join(project, "train.ipynb"), "utf8");
  await (await chooseFix("pass the tokenizer")).click();
  await page.waitForTimeout(500);
  await save();
  await until("the remedy in the saved notebook", () => {
    const cell = JSON.parse(readFileSync(path.join(project, "train.ipynb"), "utf8")).cells.at(-1).source.join("");
    return cell === JSON.parse(notebook).cells.at(-1).source.join("").replace('split="train"),\n', 'split="train"),\n    processing_class=tokenizer,\n');
  });
}

/** In a project without an environment, and with no trl-lint on the PATH. */
async function bringsItsOwnServer() {
  await page.goto(`${address}?folder=${makeProject(top, path.join(work, "bare"))}`);
  await page.waitForSelector(".monaco-workbench");
  await open("train.py");
  await page.waitForSelector(".squiggly-error");
  check("a squiggle by the server that the extension brings along", true);
}

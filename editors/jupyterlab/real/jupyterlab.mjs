// Opens the founding case in JupyterLab with jupyterlab-lsp, and does what a person would: see the squiggle, hover, read
// the Diagnostics Panel, mend the cell, open a recipe. `alone` is without any other server and makes the pictures of
// docs/images; `beside` is with another server for Python and the settings of docs/editors.md.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { check, freePort, makeProject, openBrowser, serve, until } from "../../real/browser.mjs";

const [top, work, mode] = process.argv.slice(2);
const images = path.join(top, "docs/images");
const project = makeProject(top, work);
const home = path.join(work, "jupyter-home");
rmSync(home, { recursive: true, force: true });
const settings = path.join(home, "settings");

writeSettings("@jupyterlab/apputils-extension/notification.jupyterlab-settings", { fetchNews: "false" });
if (mode === "beside") {
  writeSettings("@jupyter-lsp/jupyterlab-lsp/plugin.jupyterlab-settings", documentedSettings());
}

const bin = path.join(work, "jupyter/bin");
const port = await freePort();
const address = `http://127.0.0.1:${port}/lab`;
const flags = ["--no-browser", "--allow-root", `--port=${port}`, "--IdentityProvider.token=", `--ServerApp.root_dir=${project}`];
const stop = await serve(path.join(bin, "jupyter-lab"), flags, address, {
  cwd: project,
  env: {
    ...process.env,
    HF_HUB_CACHE: "/dev/null",
    JUPYTER_CONFIG_DIR: path.join(home, "config"),
    JUPYTER_DATA_DIR: path.join(home, "data"),
    JUPYTERLAB_SETTINGS_DIR: settings,
    JUPYTERLAB_WORKSPACES_DIR: path.join(home, "workspaces"),
    PATH: `${bin}:${process.env.PATH}`,
  },
});
const { browser, page } = await openBrowser(work);
const squiggle = page.locator(".cm-lintRange-error", { hasText: "assistant_only_loss" });
try {
  await open("train.ipynb", ".jp-Notebook");
  if (mode === "beside") {
    await comesFirst();
    console.log("JupyterLab beside another server: 1 passed, 0 failed");
  } else {
    await seesTheSquiggle();
    await hovers();
    await readsTheDiagnosticsPanel();
    await mendsTheCell();
    await opensARecipe();
    console.log("JupyterLab: 5 passed, 0 failed");
  }
} catch (error) {
  await page.screenshot({ path: path.join(work, "failure.png") });
  throw error;
} finally {
  await browser.close();
  stop();
}

function writeSettings(name, content) {
  const file = path.join(settings, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(content));
}

/** The settings that docs/editors.md tells to write, with a release besides, to see that they arrive. */
function documentedSettings() {
  const text = readFileSync(path.join(top, "docs/editors.md"), "utf8");
  const [, section] = text.split("## JupyterLab");
  const read = JSON.parse(section.match(/```json\n([^]*?)```/)[1]);
  read.language_servers["trl-lint"].serverSettings.targetTrl = "1.16";
  check("settings in the documentation", read.language_servers["trl-lint"].priority > 50, JSON.stringify(read));
  return read;
}

async function open(name, selector) {
  await page.goto(`${address}/tree/${name}?reset`);
  await page.waitForSelector(selector);
}

async function picture(name) {
  await page.waitForTimeout(500);
  await page.screenshot({ path: path.join(images, `jupyterlab-${name}.png`) });
}

async function seesTheSquiggle() {
  await page.keyboard.press("Control+B"); // room for the notebook
  await squiggle.first().waitFor();
  check("a squiggle under the finding, in the cell", true);
}

async function hovers() {
  await page.locator(".jp-Notebook .jp-CodeCell").last().click();
  await until("a hover with the release's default and the finding", async () => {
    await page.mouse.move(700, 100);
    await page.keyboard.down("Control");
    await squiggle.first().hover();
    await page.waitForTimeout(1500);
    await page.keyboard.up("Control");
    const shown = await page.locator(".lsp-hover").allInnerTexts();
    return shown.some((text) => text.includes("in trl 1.9.2, SFTConfig takes it; its default is False") && text.includes("TRL201"));
  });
  await picture("hover");
  await page.keyboard.press("Escape");
  await page.mouse.move(700, 100);
}

async function command(name) {
  await page.keyboard.press("Control+Shift+C");
  const search = page.locator(".lm-CommandPalette-input, .jp-ModalCommandPalette input").first();
  await search.fill(name);
  await page.locator(".lm-CommandPalette-item", { hasText: name }).first().click();
}

async function readsTheDiagnosticsPanel() {
  await command("Show diagnostics panel");
  const row = page.locator(".lsp-diagnostics-listing tr", { hasText: "TRL 1.9.2 refuses" }).first();
  await row.waitFor();
  const text = await row.innerText();
  check("the finding in the Diagnostics Panel, with its severity", text.includes("Error"), text);
  await picture("diagnostics");
}

async function mendsTheCell() {
  const line = page.locator(".jp-CodeCell .cm-line", { hasText: 'data_files="data.jsonl"' });
  await line.click();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await page.keyboard.type("processing_class=tokenizer,");
  await squiggle.first().waitFor({ state: "detached" });
  check("no squiggle any more, after the remedy was typed", true);
}

async function opensARecipe() {
  await open("recipe.yaml", ".jp-FileEditor");
  await squiggle.first().waitFor();
  check("a squiggle in a recipe", true);
}

async function comesFirst() {
  await squiggle.first().waitFor();
  check("the finding, though another server for Python is installed", true);
  await command("Show diagnostics panel");
  await page.locator(".lsp-diagnostics-listing tr", { hasText: "TRL 1.16.0 refuses" }).first().waitFor();
  check("a finding of the release that the settings name", true);
}

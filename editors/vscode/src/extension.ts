/** trl-lint in VS Code: starts the server of the project's environment, and asks for the reason of a suppression. */

import * as vscode from "vscode";
import { LanguageClient, LanguageClientOptions, Middleware, ServerOptions, TransportKind } from "vscode-languageclient/node";

import { findServer } from "./find";
import { onInterpreterChange, selectedInterpreter } from "./interpreter";

const SECTION = "trl-lint";
const LANGUAGES = ["python", "yaml", "json", "jsonc", "shellscript", "makefile", "dockerfile"];
const NOTEBOOKS = ["jupyter-notebook", "interactive"];
const INSTALL = "Install into the Environment";

let client: LanguageClient | undefined;
let starting: Promise<void> = Promise.resolve();

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const output = vscode.window.createOutputChannel("trl-lint");
  const restart = (): Promise<void> => {
    starting = starting.then(stop).then(() => start(output, context.asAbsolutePath("bundle/start.py")));
    return starting;
  };
  context.subscriptions.push(
    output,
    vscode.commands.registerCommand("trl-lint.restart", restart),
    vscode.commands.registerCommand("trl-lint.showOutput", () => output.show()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${SECTION}.path`)) {
        void restart();
      }
    }),
  );
  const watched = await onInterpreterChange(() => void restart());
  if (watched !== undefined) {
    context.subscriptions.push(watched);
  }
  await restart();
}

export async function deactivate(): Promise<void> {
  await stop();
}

async function stop(): Promise<void> {
  const running = client;
  client = undefined;
  await running?.stop().catch(() => undefined); // it may have ended by itself
}

async function start(output: vscode.OutputChannel, bundled: string): Promise<void> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme === "file");
  const found = await findServer({
    configured: vscode.workspace.getConfiguration(SECTION).get<string>("path") ?? "",
    interpreter: await selectedInterpreter(folders[0]?.uri),
    folders: folders.map((folder) => folder.uri.fsPath),
    searchPath: process.env["PATH"] ?? "",
    bundled,
  });
  if ("tried" in found) {
    output.appendLine(["No trl-lint with its server was found.", ...found.tried].join("\n"));
    void offerInstallation(output);
    return;
  }
  output.appendLine(`Starting ${[found.program, ...found.args].join(" ")}`);
  const server: ServerOptions = { command: found.program, args: found.args, transport: TransportKind.stdio };
  client = new LanguageClient(SECTION, "trl-lint", server, options(output));
  await client.start();
}

function options(output: vscode.OutputChannel): LanguageClientOptions {
  return {
    documentSelector: [
      ...LANGUAGES.flatMap((language) => [
        { scheme: "file", language },
        { scheme: "untitled", language },
      ]),
      ...NOTEBOOKS.map((notebook) => ({ notebook, language: "python" })),
    ],
    outputChannel: output,
    initializationOptions: vscode.workspace.getConfiguration(SECTION),
    middleware: MIDDLEWARE,
  };
}

const MIDDLEWARE: Middleware = {
  /** Before a finding is silenced, ask why: the reason stands in the comment. */
  async resolveCodeAction(action, token, next) {
    const data = (action as { data?: { do?: string; name?: string; reason?: string } }).data;
    if (data?.do === "ignore") {
      const reason = await vscode.window.showInputBox({
        title: `Ignore ${data.name} here`,
        prompt: "Why is that right here? The reason stands in the comment.",
        validateInput: (text) => (text.includes("#") ? "The reason cannot hold a `#`." : undefined),
      });
      if (reason === undefined) {
        return undefined;
      }
      data.reason = reason;
    }
    return next(action, token);
  },
};

async function offerInstallation(output: vscode.OutputChannel): Promise<void> {
  const message = "trl-lint needs Python 3.10 or newer: select an interpreter, or install trl-lint into one.";
  const chosen = await vscode.window.showWarningMessage(message, INSTALL, "Show the Output");
  if (chosen === INSTALL) {
    const terminal = vscode.window.createTerminal("trl-lint");
    terminal.show();
    terminal.sendText("python -m pip install 'PATH-OF-THE-CHECKOUT[server]'", false);
  } else if (chosen !== undefined) {
    output.show();
  }
}

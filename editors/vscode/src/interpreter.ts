/** The interpreter that the user selected in the Python extension, where that is installed. */

import * as vscode from "vscode";

/** The part of the Python extension's API that is used here. */
interface PythonApi {
  environments?: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { path: string };
    onDidChangeActiveEnvironmentPath: vscode.Event<unknown>;
  };
}

async function api(): Promise<PythonApi | undefined> {
  const extension = vscode.extensions.getExtension<PythonApi>("ms-python.python");
  if (extension === undefined) {
    return undefined;
  }
  try {
    return await extension.activate();
  } catch {
    return undefined; // its trouble is its own to tell
  }
}

/** The path of the selected interpreter. */
export async function selectedInterpreter(folder: vscode.Uri | undefined): Promise<string | undefined> {
  return (await api())?.environments?.getActiveEnvironmentPath(folder)?.path;
}

/** Call `changed` whenever another interpreter is selected. */
export async function onInterpreterChange(changed: () => void): Promise<vscode.Disposable | undefined> {
  return (await api())?.environments?.onDidChangeActiveEnvironmentPath(changed);
}

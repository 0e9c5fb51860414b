/** A file that became a document, or why not. */
export type ReadFile = { readonly name: string; readonly text: string } | { readonly problem: string };

/** Reads files as UTF-8, in their order. */
export async function readFiles(files: Iterable<File>): Promise<readonly ReadFile[]> {
  return Promise.all(Array.from(files, readFile));
}

async function readFile(file: File): Promise<ReadFile> {
  const name = file.webkitRelativePath || file.name;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await file.arrayBuffer());
    return { name, text };
  } catch (error) {
    // A folder that is dropped looks like a file that cannot be read.
    return { problem: `${name}: ${error instanceof TypeError ? 'no text in UTF-8' : 'cannot be read'}` };
  }
}

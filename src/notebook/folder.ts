import { PathExt } from '@jupyterlab/coreutils';
import type { Contents } from '@jupyterlab/services';

import type { INamedFile } from '../material';

/** Folders that are looked into, and files that are listed, at most. */
const MAX_FOLDERS = 24;
const MAX_FILES = 1000;
/** How deep below the notebook's folder. */
const MAX_DEPTH = 3;
const SKIPPED = /^(?:\.|__pycache__$|node_modules$|site-packages$)/;

/** What lists folders: Jupyter's contents service. */
export type Lister = Pick<Contents.IManager, 'get'>;

/** The files in `folder` and below it, nearest first; hidden ones, and folders that cannot be read, are left out. */
export async function filesBelow(
  contents: Lister,
  folder: string
): Promise<INamedFile[]> {
  const found: INamedFile[] = [];
  let level = [folder];
  let folders = 0;
  for (let depth = 0; depth <= MAX_DEPTH && level.length > 0; depth++) {
    const looked = level.slice(0, MAX_FOLDERS - folders);
    folders += looked.length;
    const listings = await Promise.all(
      looked.map(path => entriesOf(contents, path))
    );
    const entries = listings.flat().filter(({ name }) => !SKIPPED.test(name));
    level = [];
    for (const entry of entries) {
      if (entry.type === 'directory') {
        level.push(entry.path);
      } else if (found.length < MAX_FILES) {
        found.push(named(entry, folder));
      }
    }
  }
  return found;
}

/** A file of the contents service as a message names it, from `folder`. */
export function named(entry: Contents.IModel, folder: string): INamedFile {
  return {
    path: entry.path,
    name: PathExt.relative(folder, entry.path),
    size: entry.size ?? null,
    modified: entry.last_modified
  };
}

async function entriesOf(
  contents: Lister,
  path: string
): Promise<Contents.IModel[]> {
  try {
    const { content } = await contents.get(path, {
      type: 'directory',
      content: true
    });
    return Array.isArray(content) ? content : [];
  } catch {
    return []; // gone meanwhile, or not for this user
  }
}

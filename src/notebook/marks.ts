import type { ICellModel } from '@jupyterlab/cells';
import type { INotebookModel } from '@jupyterlab/notebook';
import type { PartialJSONObject } from '@lumino/coreutils';

/** The key of this extension in the metadata of notebooks and cells. */
export const METADATA_KEY = 'jupyter_codeact';

/** What the metadata of a cell says that the agent made. */
export interface IMark {
  conversation: string;
  step: number;
  /** The cell waits for approval. */
  proposed?: boolean;
}

/** The mark of `cell`, or null for one that the user made. */
export function markOf(cell: ICellModel): IMark | null {
  const mark = cell.getMetadata(METADATA_KEY) as Partial<IMark> | undefined;
  return typeof mark?.conversation === 'string' && typeof mark.step === 'number'
    ? (mark as IMark)
    : null;
}

/** The journal's number up to which `notebook` took the conversation in; 0 for none of it. */
export function recordedSeq(
  notebook: INotebookModel,
  conversation: string
): number {
  const seq = recordOf(notebook).conversations?.[conversation];
  return typeof seq === 'number' ? seq : 0;
}

/** The conversations that `notebook` took in, or a part of them. */
export function recordedConversations(notebook: INotebookModel): string[] {
  return Object.keys(recordOf(notebook).conversations ?? {});
}

/** `notebook` remembers, undo or not, that it took in `conversation` up to `seq`; false when it knew already. */
export function record(
  notebook: INotebookModel,
  conversation: string,
  seq: number
): boolean {
  if (seq <= recordedSeq(notebook, conversation)) {
    return false;
  }
  const own = recordOf(notebook);
  const conversations = { ...own.conversations, [conversation]: seq };
  notebook.sharedModel.transact(
    () => notebook.setMetadata(METADATA_KEY, { ...own, conversations }),
    false
  );
  return true;
}

interface IRecord extends PartialJSONObject {
  conversations?: PartialJSONObject;
}

function recordOf(notebook: INotebookModel): IRecord {
  return (notebook.getMetadata(METADATA_KEY) as IRecord | undefined) ?? {};
}

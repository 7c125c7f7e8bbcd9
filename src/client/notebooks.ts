import type { IOutput } from '@jupyterlab/nbformat';
import type { ISignal } from '@lumino/signaling';

import type { CellSource, NotebookContext } from '../events';
import type { IBinding } from '../tokens';

/** A cell as it is sent with a message: with its last outputs, from which the server makes what the model is shown. */
export type SentCell = Omit<CellSource, 'output'> & { outputs: IOutput[] };

/** The notebook as it is sent with a message. */
export type SentNotebook = Pick<
  NotebookContext,
  'path' | 'active_cell_id' | 'cells_left_out'
> & { cells: SentCell[] };

/** A notebook that a message can be sent from. */
export interface IPreparedNotebook {
  /** What the page calls the notebook: its path when it was opened. */
  key: string;
  kernelId: string;
  context: SentNotebook;
}

/** The open notebooks, as far as conversations need them. A notebook keeps its key when it is renamed. */
export interface INotebooks {
  /** The key of the notebook that the user works in, or null. */
  readonly active: string | null;
  /** `active`, or what `describe` answers, changed. */
  readonly changed: ISignal<INotebooks, void>;
  /** The notebook's path and kernel; null when it is not open. */
  describe(key: string): IBinding | null;
  /** The conversations that the notebook has a record of, once it is loaded; none when it is not open. */
  recorded(key: string): Promise<readonly string[]>;
  /** Opens the notebook, or a new one for null, and waits for its kernel. Rejects with an `Error` in words. */
  prepare(key: string | null): Promise<IPreparedNotebook>;
  /** What the cell holds now; null when it is not there. */
  source(key: string, cellId: string): string | null;
  /** Restarts the notebook's kernel, opening the notebook where it is not. */
  restart(key: string): Promise<void>;
  /** Shows the notebook, opening it, and selects the cell; false when it is not there. */
  reveal(key: string, cellId?: string): Promise<boolean>;
}

import type { INotebookModel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';

import type { IConversationModel, ISeenCell } from '../tokens';

/** A cell is reported when its text stayed as it is for so long (ms). */
const PAUSE = 500;

/**
 * Tells the server when the user edits or deletes cells that the agent ran, so that the model hears of it.
 *
 * Cells are known by id. What was so when this page first saw the cell is no news.
 */
export class CellWatch implements IDisposable {
  constructor(
    private readonly notebook: INotebookModel,
    private readonly conversation: IConversationModel
  ) {
    notebook.contentChanged.connect(this.schedule, this);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    window.clearTimeout(this._timer);
    Signal.clearData(this);
  }

  /** The cells of the conversation that have run are watched from now on. */
  look(): void {
    const cells = Object.values(this.conversation.state.cells);
    const fresh = cells.filter(cell => !this._known.has(cell.cell_id));
    if (fresh.length === 0) {
      return;
    }
    const { writes } = this.conversation; // what the server writes may come late
    const sources = this.sources();
    for (const { cell_id, source, status } of fresh) {
      if (status === 'running') {
        this._live.add(cell_id);
      } else if (this._live.has(cell_id) && (writes || sources.has(cell_id))) {
        this._known.set(cell_id, source);
        this.schedule(); // it may have been edited while it ran
      } else if (sources.has(cell_id)) {
        this._known.set(cell_id, sources.get(cell_id) ?? null);
      }
    }
  }

  private schedule(): void {
    if (this._timer === 0 && this._known.size > 0) {
      this._timer = window.setTimeout(() => {
        this._timer = 0;
        this.compare();
      }, PAUSE);
    }
  }

  /** Reports what is not as it was known, once it was the same twice in a row. */
  private compare(): void {
    const sources = this.sources();
    const before = this._changing;
    this._changing = new Map();
    const settled: ISeenCell[] = [];
    for (const [id, known] of this._known) {
      const now = sources.get(id) ?? null;
      if (now === known) {
        continue;
      }
      if (before.has(id) && before.get(id) === now) {
        settled.push({ cell_id: id, source: now });
      } else {
        this._changing.set(id, now);
        this.schedule();
      }
    }
    const { writes, serverWrites } = this.conversation;
    // Where all pages share what the server writes, each of them tells, and the first one is news.
    if (settled.length > 0 && (writes || serverWrites)) {
      void this.report(settled);
    }
  }

  /** A report that did not arrive is made again with the next change. */
  private async report(seen: ISeenCell[]): Promise<void> {
    const before = seen.map(cell => this._known.get(cell.cell_id) ?? null);
    seen.forEach(cell => this._known.set(cell.cell_id, cell.source));
    try {
      await this.conversation.report(seen);
    } catch {
      seen.forEach((cell, i) => this._known.set(cell.cell_id, before[i]));
    }
  }

  private sources(): Map<string, string> {
    const sources = new Map<string, string>();
    for (const cell of this.notebook.cells) {
      sources.set(cell.id, cell.sharedModel.getSource());
    }
    return sources;
  }

  /** The text of each cell as the server knows it; null for one that was deleted. */
  private readonly _known = new Map<string, string | null>();
  /** The cells that this page saw running. */
  private readonly _live = new Set<string>();
  /** What differed when it was last looked. */
  private _changing = new Map<string, string | null>();
  private _timer = 0;
  private _isDisposed = false;
}

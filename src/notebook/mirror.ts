import type { NotebookPanel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';

import type { IConversationModel } from '../tokens';
import type { IPlaced } from './cells';
import { indexOfCell } from './cells';
import { CellWatch } from './cellWatch';
import { Projector } from './projector';

const FRAME = 16; // ms: a notebook is brought up to date 60 times a second at most

/**
 * Keeps the notebook of a panel as the conversation has it, as long as this page is the one that writes it.
 *
 * Where the server writes it, through the model that the pages share, nothing is written here: the user's eyes still go
 * along, and outputs are trusted once the user does.
 */
export class Mirror implements IDisposable {
  /**
   * @param panel The open notebook.
   * @param conversation A conversation about it.
   * @param follows Whether the user wants to see the cell that runs.
   */
  constructor(
    private readonly panel: NotebookPanel,
    private readonly conversation: IConversationModel,
    private readonly follows: () => boolean
  ) {
    this._projector = new Projector(panel.context.model);
    this._watch = new CellWatch(panel.context.model, conversation);
    this._next = conversation.state.steps.length;
    panel.context.model.cells.changed.connect(this.onCells, this);
    conversation.stateChanged.connect(this.schedule, this);
    conversation.liveChanged.connect(this.schedule, this);
    this.schedule();
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    window.clearTimeout(this._timer);
    this._watch.dispose();
    Signal.clearData(this);
  }

  /** Cells that the server writes may come later than the news of them. */
  private onCells(): void {
    if (this.conversation.serverWrites) {
      this.schedule();
    }
  }

  /** A timer and not an animation frame, which a hidden page does not get. */
  private schedule(): void {
    if (this._timer === 0) {
      this._timer = window.setTimeout(() => {
        this._timer = 0;
        this.update();
      }, FRAME);
    }
  }

  private update(): void {
    const { conversation, panel } = this;
    if (conversation.isDisposed || panel.isDisposed) {
      this.dispose();
      return;
    }
    const { state, trusted, writes, serverWrites } = conversation;
    if (trusted && !this._trusted) {
      this._trusted = true;
      this._projector.trust(state);
    }
    if (writes && !panel.context.model.readOnly) {
      if (this._projector.project(state, trusted)) {
        void this.save();
      }
      this._watch.look();
      this.goAlong();
    } else if (serverWrites) {
      if (trusted) {
        this._projector.trust(state);
      }
      this._watch.look();
      this.goAlong();
    }
  }

  /** The user's eyes, and the active cell where it is the one that the run goes on behind, go along with new cells. */
  private goAlong(): void {
    const { steps, cells } = this.conversation.state;
    for (; this._next < steps.length; this._next++) {
      const step = steps[this._next];
      const made = step.cell_id === null ? step.proposal : cells[step.cell_id];
      const shown = made ? this.show(made) : false;
      if (!shown && this._next === steps.length - 1) {
        return; // its cell may come yet
      }
    }
  }

  /** Whether the notebook has the cell. */
  private show(made: IPlaced): boolean {
    const { content, context, isVisible } = this.panel;
    const index = indexOfCell(context.model, made.cell_id);
    if (index < 0) {
      return false;
    }
    const busy = content.node.contains(document.activeElement);
    if (!busy && content.activeCell?.model.id === made.after_cell_id) {
      content.activeCellIndex = index; // what is sent next goes on behind it
    }
    if (isVisible && this.follows()) {
      // `scrollToCell` would take the focus from the composer. A scroll that the user interrupts rejects.
      content.scrollToItem(index).catch(() => undefined);
    }
    return true;
  }

  /** The file holds what the notebook holds. One save at a time: another one waits and covers all that came meanwhile. */
  private async save(): Promise<void> {
    this._unsaved = true;
    if (this._saving) {
      return;
    }
    this._saving = true;
    while (this._unsaved && !this.panel.isDisposed) {
      this._unsaved = false;
      try {
        await this.panel.context.save();
      } catch {
        break; // the document's own dialog told the user; the next cell tries again
      }
    }
    this._saving = false;
  }

  private readonly _projector: Projector;
  private readonly _watch: CellWatch;
  private _timer = 0;
  private _trusted = false;
  /** The index of the first step that was not gone along with. */
  private _next: number;
  private _saving = false;
  private _unsaved = false;
  private _isDisposed = false;
}

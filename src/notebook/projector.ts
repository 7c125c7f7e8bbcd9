import type { ICellModel } from '@jupyterlab/cells';
import { isCodeCellModel } from '@jupyterlab/cells';
import type { IOutput } from '@jupyterlab/nbformat';
import type { INotebookModel } from '@jupyterlab/notebook';

import type { Cell, Proposal, State, Step } from '../events';
import type { IPlaced } from './cells';
import {
  findCell,
  indexOfCell,
  keepIds,
  placeFor,
  projectStatus,
  wasRunAgain
} from './cells';
import { markOf, METADATA_KEY, record, recordedSeq } from './marks';
import { projectOutputs } from './outputs';

/** What was projected of a cell last; no outputs where it was left alone. */
interface ISeen {
  status: Cell['status'];
  outputs?: readonly IOutput[];
}

/**
 * Projects one conversation onto one notebook, any number of times with the effect of once.
 *
 * Cells are known by id. One that the user deleted is not made again: the notebook's metadata tells up to which number
 * it took the journal in. One that the user edited, or ran again, is left alone.
 */
export class Projector {
  constructor(readonly notebook: INotebookModel) {}

  /**
   * The notebook shows `state`; the answer is whether it is worth saving: a cell or a run finished since the last time.
   *
   * @param state The folded conversation.
   * @param trusted Whether outputs of cells that ran without approval are trusted.
   */
  project(state: State, trusted: boolean): boolean {
    let finished = false;
    for (const step of state.steps.slice(this.firstOpen(state))) {
      const cell = step.cell_id === null ? null : state.cells[step.cell_id];
      if (cell) {
        this.projectCell(state, step, cell, trusted);
        finished = this.finishes(cell) || finished;
      } else if (step.proposal) {
        this.projectProposal(state, step, step.proposal);
      }
    }
    return this.close(state) || finished;
  }

  /**
   * The outputs of the cells of `state` that hold what the agent ran are trusted. Those of a running cell are not yet:
   * they are made anew for it, which must not happen while somebody else writes them.
   */
  trust(state: State): void {
    for (const cell of Object.values(state.cells)) {
      if (cell.status === 'running' || this._trusted.has(cell.cell_id)) {
        continue;
      }
      this._trusted.add(cell.cell_id);
      const model = findCell(this.notebook, cell.cell_id);
      if (model?.sharedModel.getSource() === cell.source) {
        model.trusted = true;
      }
    }
  }

  /** Up to which number the notebook took `state` in; what came before a branch is another conversation's to write. */
  private known(state: State): number {
    const known = recordedSeq(this.notebook, state.conversation_id);
    return Math.max(known, state.branched_from?.through_seq ?? 0);
  }

  /** The index of the first step of a run that the notebook did not take in to its end. */
  private firstOpen(state: State): number {
    const known = this.known(state);
    const over = new Set(
      state.runs
        .filter(run => run.reason !== null && run.finished_seq <= known)
        .map(run => run.run_id)
    );
    const index = state.steps.findIndex(step => !over.has(step.run_id));
    return index < 0 ? state.steps.length : index;
  }

  /** Runs that are over, up to the first that is not, count as taken in; answers whether there was a new one. */
  private close(state: State): boolean {
    const open = state.runs.findIndex(run => run.reason === null);
    const last = state.runs[(open < 0 ? state.runs.length : open) - 1];
    return (
      last !== undefined &&
      last.finished_seq > this.known(state) &&
      record(this.notebook, state.conversation_id, last.finished_seq)
    );
  }

  private projectCell(
    state: State,
    step: Step,
    cell: Cell,
    trusted: boolean
  ): void {
    const model = this.placed(state, step, cell);
    if (!model || !isCodeCellModel(model)) {
      return;
    }
    const seen = this._seen.get(cell.cell_id);
    if (
      model.sharedModel.getSource() !== cell.source ||
      (!seen?.outputs && wasRunAgain(model, cell))
    ) {
      if (seen?.status === 'running' && cell.status !== 'running') {
        model.executionState = 'idle';
      }
      this._seen.set(cell.cell_id, { status: cell.status });
      return;
    }
    if (cell.approved || trusted) {
      model.trusted = true;
    }
    const outputs = [...cell.outputs] as IOutput[];
    projectOutputs(model.outputs, seen?.outputs, outputs);
    if (seen?.status !== cell.status) {
      projectStatus(model, cell);
    }
    this._seen.set(cell.cell_id, { status: cell.status, outputs });
  }

  /** Whether `cell` is known as finished from now on, and was not before. */
  private finishes(cell: Cell): boolean {
    if (cell.status === 'running' || this._finished.has(cell.cell_id)) {
      return false;
    }
    this._finished.add(cell.cell_id);
    return true;
  }

  /** The model of a cell that the kernel was given, inserted where it is missing; null when the user deleted it. */
  private placed(state: State, step: Step, cell: Cell): ICellModel | null {
    const model = findCell(this.notebook, cell.cell_id);
    if (!model) {
      return this.insert(state, cell, cell.source, cell.submitted_seq, {
        conversation: state.conversation_id,
        step: cell.step
      });
    }
    if (markOf(model)?.proposed) {
      const { sharedModel } = model;
      if (sharedModel.getSource() === this._offered.get(cell.cell_id)) {
        // Where it was edited elsewhere and not here, it holds what ran.
        sharedModel.transact(() => sharedModel.setSource(cell.source), false);
      }
      model.setMetadata(METADATA_KEY, {
        conversation: state.conversation_id,
        step: cell.step
      });
      record(this.notebook, state.conversation_id, cell.submitted_seq);
    }
    return model;
  }

  private projectProposal(state: State, step: Step, proposal: Proposal): void {
    const run = state.runs.find(each => each.run_id === step.run_id);
    if (proposal.decision === null && run?.reason === null) {
      this._offered.set(proposal.cell_id, proposal.source);
      if (!findCell(this.notebook, proposal.cell_id)) {
        this.insert(state, proposal, proposal.source, step.seq, {
          conversation: state.conversation_id,
          step: step.step,
          proposed: true
        });
      }
    } else if (proposal.decision === null || proposal.decision === 'reject') {
      this.withdraw(proposal);
    }
  }

  /** A proposal that was rejected, or that its run left behind, is gone; what the user wrote into the latter stays. */
  private withdraw(proposal: Proposal): void {
    const model = findCell(this.notebook, proposal.cell_id);
    if (!model || !markOf(model)?.proposed) {
      return;
    }
    const { sharedModel } = this.notebook;
    if (
      proposal.decision === 'reject' ||
      model.sharedModel.getSource() === proposal.source
    ) {
      const index = indexOfCell(this.notebook, model.id);
      sharedModel.transact(() => sharedModel.deleteCell(index), false);
    } else {
      model.deleteMetadata(METADATA_KEY);
    }
  }

  /** The model of the cell, new in the notebook; null when the notebook knew `seq` already: then the user deleted it. */
  private insert(
    state: State,
    cell: IPlaced,
    source: string,
    seq: number,
    mark: { conversation: string; step: number; proposed?: boolean }
  ): ICellModel | null {
    const { notebook } = this;
    if (seq <= this.known(state)) {
      return null;
    }
    keepIds(notebook);
    notebook.sharedModel.insertCell(placeFor(notebook, state, cell), {
      id: cell.cell_id,
      cell_type: 'code',
      source,
      metadata: { [METADATA_KEY]: mark }
    });
    record(notebook, state.conversation_id, seq);
    return findCell(notebook, cell.cell_id);
  }

  private readonly _seen = new Map<string, ISeen>();
  /** The sources of proposals, as they were before a decision. */
  private readonly _offered = new Map<string, string>();
  private readonly _finished = new Set<string>();
  private readonly _trusted = new Set<string>();
}

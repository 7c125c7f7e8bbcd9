import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { State } from '../events';
import { visible } from '../panel/words';
import type { IConversations } from '../tokens';
import { AGENT_CLASS } from './cellMarks';
import type { IMark } from './marks';
import { markOf } from './marks';

const MARKED = `.${AGENT_CLASS} > .jp-Cell-inputWrapper .jp-InputPrompt`;

/** Where a cell comes from, a fact a line; with less to say where its conversation is not known. */
export function provenance(
  mark: IMark,
  state: State | null,
  trans: TranslationBundle
): string {
  const step = state?.steps.find(each => each.step === mark.step);
  if (!state || !step) {
    return trans.__('Made by CodeAct, step %1', mark.step);
  }
  const run = state.runs.find(each => each.run_id === step.run_id);
  const decision = step.proposal?.decision;
  return [
    trans.__('Made by CodeAct: %1', visible(state.title)),
    trans.__('Step %1, written by %2', step.step, visible(run?.model ?? '')),
    mark.proposed
      ? trans.__('Waits for your approval')
      : decision === 'edit'
        ? trans.__('Edited and approved by you')
        : decision === 'approve'
          ? trans.__('Approved by you')
          : trans.__('Ran without asking')
  ].join('\n');
}

/** The cell of the agent whose prompt holds `target`, with its place and mark; null elsewhere. */
export function markedCell(
  panel: NotebookPanel,
  target: Element
): { prompt: HTMLElement; index: number; mark: IMark } | null {
  const prompt = target.closest<HTMLElement>(MARKED);
  const index = panel.content.widgets.findIndex(each =>
    each.node.contains(prompt)
  );
  const mark = prompt && markOf(panel.content.widgets[index].model);
  return prompt && mark && { prompt, index, mark };
}

/** The mark of a cell that the agent made says where it comes from while the pointer is over it. */
export function explainMarks(
  tracker: INotebookTracker,
  conversations: IConversations,
  trans: TranslationBundle
): void {
  const add = (panel: NotebookPanel) =>
    panel.content.node.addEventListener('mouseover', event => {
      const found = markedCell(panel, event.target as Element);
      if (found) {
        void explain(found.prompt, found.mark, conversations, trans);
      }
    });
  tracker.forEach(add);
  tracker.widgetAdded.connect((_, panel) => add(panel));
}

async function explain(
  prompt: HTMLElement,
  mark: IMark,
  conversations: IConversations,
  trans: TranslationBundle
): Promise<void> {
  const { conversation: id } = mark;
  const followed = conversations.followed.find(each => each.id === id);
  const entitle = (state: State | null) => {
    const shows = trans.__('A click on the line shows the step');
    prompt.title = `${provenance(mark, state, trans)}\n${shows}`;
  };
  entitle(followed?.state ?? null);
  if (followed || prompt.dataset.codeactAsked === id) {
    return;
  }
  prompt.dataset.codeactAsked = id; // an old or foreign conversation is asked for once
  try {
    const { state } = await conversations.hold(id);
    entitle(state);
    conversations.letGo(id);
  } catch {
    return; // it was deleted, or is on another server
  }
}

import type { Cell } from '@jupyterlab/cells';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import { DecisionButtons } from '../panel/decisionButtons';
import { useChanges, useCommand } from '../panel/hooks';
import { Risks } from '../panel/risks';
import { problemOf } from '../panel/words';
import type { ICodeAct, IConversations } from '../tokens';
import { setApart } from './apart';
import { decideOn } from './decide';
import type { IMark } from './marks';

/** What a bar on a cell needs to know, and to ask. */
export interface IProposalBarOptions {
  codeact: ICodeAct;
  conversations: IConversations;
  trans: TranslationBundle;
}

/** Below the code of a cell that waits for approval: its risks, and what can be decided about it. */
export class ProposalBar extends ReactWidget {
  constructor(
    private readonly options: IProposalBarOptions,
    private readonly cell: Cell,
    private readonly mark: IMark
  ) {
    super();
    this.addClass('jp-CodeAct-part');
    this.addClass('jp-CodeAct-cellBar');
    setApart(this.node);
  }

  protected override render(): JSX.Element {
    return <Bar {...this.options} cell={this.cell} mark={this.mark} />;
  }
}

function Bar(
  props: IProposalBarOptions & { cell: Cell; mark: IMark }
): JSX.Element {
  const { cell, codeact, conversations, mark, trans } = props;
  const { busy, problem, run } = useCommand(problemOf);
  useChanges(codeact.statusChanged);
  useChanges(conversations.opened); // after a reload the cell is there before its conversation
  useChanges(cell.model.contentChanged);
  const source = cell.model.sharedModel.getSource();
  const proposal = conversations.followed
    .find(each => each.id === mark.conversation)
    ?.state.steps.find(each => each.step === mark.step)?.proposal;
  const decide = (act: (step: number) => Promise<void>) => {
    cell.node.focus({ preventScroll: true }); // what has the focus will be gone
    void run(() => decideOn(codeact, mark, act));
  };
  const approve = (all: boolean) =>
    decide(step => codeact.approve(step, undefined, all));
  const reject = (note: string) => decide(step => codeact.reject(step, note));
  return (
    <div role="group" aria-label={trans.__('CodeAct wants to run this cell')}>
      <Risks trans={trans} proposal={proposal ?? null} source={source} />
      {problem && (
        <p className="jp-CodeAct-problem" role="alert">
          {problem}
        </p>
      )}
      <DecisionButtons
        trans={trans}
        busy={busy}
        edited={proposal !== undefined && source !== proposal?.source}
        mayRunAll={codeact.status?.approval_floor === 'auto'}
        agreed={codeact.bypassAgreed}
        keys={trans.__('Shift + Enter')}
        onRun={() => approve(false)}
        onRunAll={() => approve(true)}
        onReject={reject}
      />
    </div>
  );
}

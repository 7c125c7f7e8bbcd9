import * as React from 'react';

import { ActivityLine } from './activity';
import { BranchNote } from './branchNote';
import { COMPOSER_ID, Composer, useRun } from './composer';
import { Conditions } from './conditions';
import { Connect } from './connect';
import { Conversation } from './conversation';
import { FirstRun } from './firstRun';
import { Header } from './header';
import { History } from './history';
import { useChanges } from './hooks';
import { Problem } from './problem';
import { Queue } from './queue';
import { useServices } from './services';

/** All of the panel: the header, and below it the conversation, its history or its connections. */
export function Body(): JSX.Element {
  const { codeact, panel, trans } = useServices();
  useChanges(codeact.statusChanged);
  useChanges(codeact.currentChanged);
  useChanges(panel.changed);
  return (
    <>
      {panel.view === 'conversation' && (
        <button
          type="button"
          className="jp-CodeAct-skip"
          onClick={() => document.getElementById(COMPOSER_ID)?.focus()}
        >
          {trans.__('Skip to the message box')}
        </button>
      )}
      <Header />
      <View />
    </>
  );
}

function View(): JSX.Element {
  const { panel } = useServices();
  switch (panel.view) {
    case 'conversation':
      return <ConversationView />;
    case 'history':
      return <History />;
    case 'connect':
      return <Connect />;
  }
}

function ConversationView(): JSX.Element {
  const { codeact } = useServices();
  const { live, stopping, problem, stop } = useRun();
  const model = codeact.current;
  const empty = !model || model.state.messages.length === 0;
  const from = model?.state.branched_from;
  return (
    <>
      {from && <BranchNote from={from} />}
      {empty ? <FirstRun /> : <Conversation key={model.id} model={model} />}
      {model && (
        <ActivityLine
          key={`activity-${model.id}`}
          model={model}
          stopping={stopping}
        />
      )}
      {model && <Conditions model={model} />}
      {model && <Queue key={`queue-${model.id}`} model={model} />}
      <Problem text={problem} />
      {!model?.readOnly && (
        <Composer live={live} stopping={stopping} onStop={stop} />
      )}
    </>
  );
}

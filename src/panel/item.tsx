import * as React from 'react';

import type { IConversationModel } from '../tokens';
import { useChanges } from './hooks';
import { MessageItem } from './userMessage';
import { RunEnd } from './runEnd';
import { useServices } from './services';
import { useSlot } from './slot';
import { StepItem } from './step';
import type { IStepView, View } from './views';
import { writingView } from './views';

interface IItemProps {
  view: View;
  model: IConversationModel;
  /** It is one of the last: there at once, and read out to those who listen. */
  recent: boolean;
  /** Whether outputs of cells that ran by themselves are trusted. */
  trusted: boolean;
}

/** One thing in the conversation; away from the visible part only its place is kept. */
export const Item = React.memo(function Item(props: IItemProps): JSX.Element {
  const { view, recent } = props;
  const { node, filled, style } = useSlot(recent);
  return (
    <div
      ref={node}
      className="jp-CodeAct-slot"
      data-view={view.key}
      tabIndex={-1}
      style={style}
      aria-live={recent ? undefined : 'off'}
    >
      {filled && <Content {...props} />}
    </div>
  );
});

function Content(props: IItemProps): JSX.Element {
  const { view, model } = props;
  const { trans } = useServices();
  switch (view.kind) {
    case 'message':
      return <MessageItem message={view.message} model={model} />;
    case 'step':
      return <Step {...props} view={view} />;
    case 'reduced':
      return (
        <p className="jp-CodeAct-note">
          {trans.__(
            'The conversation had become too long for the model: from here on it is shown older outputs shortened.'
          )}
        </p>
      );
    case 'end':
      return <RunEnd view={view} model={props.model} />;
  }
}

/** A step; the one that is being written follows what is streamed, alone of all. */
function Step(props: IItemProps & { view: IStepView }): JSX.Element {
  const { view, model, trusted } = props;
  const { language } = model.state;
  const { partial } = model;
  useChanges(view.facts ? undefined : model.liveChanged);
  const trust = React.useCallback(() => model.trust(), [model]);
  const writing = view.facts === null && partial?.step === view.step;
  const item = (
    <StepItem
      view={writing ? writingView(partial, model.state) : view}
      fixing={view.fixing}
      language={language}
      trusted={trusted}
      onTrust={trust}
    />
  );
  return writing && partial.voided ? <Voided>{item}</Voided> : item;
}

/** What came of a reply that was cut off, until it comes again. */
function Voided(props: { children: JSX.Element }): JSX.Element {
  const { trans } = useServices();
  return (
    <>
      <div className="jp-CodeAct-voided">{props.children}</div>
      <p className="jp-CodeAct-note">
        {trans.__('This reply was cut off; it is asked for again.')}
      </p>
    </>
  );
}

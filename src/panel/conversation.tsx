import * as React from 'react';

import type { IConversationModel } from '../tokens';
import { useChanges } from './hooks';
import { RunEnd } from './runEnd';
import { guardClick, watchLinks } from './links';
import { useServices } from './services';
import { StepItem } from './step';
import { useTail } from './tail';
import type { View } from './views';
import { viewsOf } from './views';
import { visible } from './words';

/** The messages of the user, the steps of the model, and how its runs ended. */
export function Conversation(props: {
  model: IConversationModel;
}): JSX.Element {
  const { model } = props;
  const { trans } = useServices();
  useChanges(model.stateChanged);
  useChanges(model.liveChanged);
  const tail = useTail();
  const trust = React.useCallback(() => model.trust(), [model]);
  React.useEffect(() => {
    const watch = tail.content.current && watchLinks(tail.content.current);
    return () => watch?.dispose();
  }, [tail.content]);
  const live = model.activity?.state !== 'idle';
  const views = viewsOf(model.state, model.partial, live);
  return (
    <div className="jp-CodeAct-conversation">
      <div
        ref={tail.scroller}
        className="jp-CodeAct-scroller"
        tabIndex={0}
        role="log"
        aria-live="polite"
        aria-label={trans.__('Conversation')}
        onScroll={tail.onScroll}
        onClickCapture={guardClick}
        onAuxClickCapture={guardClick}
      >
        <div ref={tail.content} className="jp-CodeAct-items">
          {views.map(view => (
            <Item
              key={view.key}
              view={view}
              language={model.state.language}
              trusted={model.trusted}
              onTrust={trust}
            />
          ))}
        </div>
      </div>
      {!tail.following && (
        <button
          type="button"
          className="jp-CodeAct-latest"
          onClick={tail.follow}
        >
          {trans.__('Jump to latest')}
        </button>
      )}
    </div>
  );
}

function Item(props: {
  view: View;
  language: string;
  trusted: boolean;
  onTrust: () => void;
}): JSX.Element {
  const { view } = props;
  const { trans } = useServices();
  switch (view.kind) {
    case 'message':
      return (
        <div className="jp-CodeAct-message">
          <span className="jp-CodeAct-hidden">{trans.__('You:')}</span>
          {visible(view.message.text)}
        </div>
      );
    case 'step':
      return <StepItem {...props} view={view} />;
    case 'reduced':
      return (
        <p className="jp-CodeAct-note">
          {trans.__(
            'The conversation had become too long for the model: from here on it is shown older outputs shortened.'
          )}
        </p>
      );
    case 'end':
      return <RunEnd view={view} />;
  }
}

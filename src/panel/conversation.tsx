import * as React from 'react';

import { queued } from '../client/queue';
import type { IConversationModel } from '../tokens';
import { useChanges, useReadOut } from './hooks';
import { Item } from './item';
import { guardClick, watchLinks } from './links';
import { Reading, ReadingProvider } from './reading';
import { useServices } from './services';
import { useTail } from './tail';
import { viewsOf, writingView } from './views';

/** So many of the last items, about a run of them, are always there; all others while near the visible part. */
const RECENT = 25;

/** The messages of the user, the steps of the model, and how its runs ended. */
export const Conversation = React.memo(function Conversation(props: {
  model: IConversationModel;
}): JSX.Element {
  const { model } = props;
  const { trans } = useServices();
  const tail = useTail();
  const [reading] = React.useState(
    () => new Reading(tail.scroller, tail.isFollowing)
  );
  React.useEffect(() => () => reading.dispose(), [reading]);
  React.useEffect(() => {
    const watch = tail.content.current && watchLinks(tail.content.current);
    return () => watch?.dispose();
  }, [tail.content]);
  useWantedStep(tail.content);
  useChanges(model.stateChanged);
  const live = useReadOut(model.liveChanged, () => isLive(model));
  // What is streamed concerns one item only; the list, when that begins or turns into code.
  useReadOut(model.liveChanged, () => writingOf(model));
  useReadOut(model.liveChanged, () => model.activity?.told_seq);
  const waiting = queued(model.state, model.activity);
  const views = viewsOf(model.state, model.partial, live, waiting);
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
          <ReadingProvider value={reading}>
            {views.map((view, index) => (
              <Item
                key={view.key}
                view={view}
                model={model}
                recent={index >= views.length - RECENT}
                trusted={model.trusted}
              />
            ))}
          </ReadingProvider>
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
});

function isLive(model: IConversationModel): boolean {
  return model.activity?.state !== 'idle';
}

/** What of the reply that is being written the list depends on. */
function writingOf(model: IConversationModel): string {
  const { partial, state } = model;
  const view = partial && writingView(partial, state);
  return view ? `${view.step} ${view.status}` : '';
}

/** The step that the user asked for elsewhere stands at the top of the visible part, with the focus. */
function useWantedStep(content: React.RefObject<Element>): void {
  const { panel } = useServices();
  useReadOut(panel.changed, () => panel.wantedStep);
  React.useEffect(() => {
    const wanted = panel.wantedStep;
    const node =
      wanted !== null &&
      content.current?.querySelector<HTMLElement>(
        `[data-view="step-${wanted}"]`
      );
    if (node) {
      panel.takeStep();
      node.scrollIntoView({ block: 'start' });
      node.focus({ preventScroll: true });
    }
  });
}

import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Activity } from '../events';
import { openRun } from '../client/fold';
import type { IConversationModel } from '../tokens';
import { DeafCell } from './deafCell';
import { useElapsed } from './hooks';
import { useServices } from './services';
import { visible } from './words';

/** After how many seconds without a word from the model it is said that this may take longer. */
const SLOW_SECONDS = 30;

/** What the run is doing, for how long, and how much of its budget is used. */
export function ActivityLine(props: {
  model: IConversationModel;
  stopping: boolean;
}): JSX.Element | null {
  const { activity, connected, state, partial } = props.model;
  const { trans } = useServices();
  const run = openRun(state);
  const writes = partial !== null && partial.text !== '' && !partial.voided;
  const isDeaf = activity?.state === 'interrupt_ignored';
  const what =
    props.stopping && !isDeaf
      ? 'stopping'
      : writes
        ? 'writing'
        : (activity?.state ?? 'connecting');
  const offset = useFirstOffset(activity);
  const seconds = useElapsed(
    `${run?.run_id} ${run?.steps_taken} ${what}`,
    offset
  );
  if (!run || (connected && activity?.state === 'idle')) {
    return null;
  }
  const waits = what === 'waiting_for_model';
  const words = wordsFor(what, run.model, trans);
  const facts = [
    trans.__('%1 s', Math.floor(seconds)),
    trans.__(
      'step %1 of %2',
      Math.max(1, run.steps_taken + (waits || writes ? 1 : 0)),
      run.limits.steps
    )
  ];
  return (
    <div
      className={`jp-CodeAct-activity${what === 'waiting_for_approval' ? ' jp-mod-asks' : ''}`}
    >
      <div className="jp-CodeAct-activityLine">
        <span className="jp-CodeAct-spinner" aria-hidden="true" />
        <span role="status">
          {connected ? words : trans.__('Connection lost: reconnecting')}
        </span>
        <span className="jp-CodeAct-facts" aria-hidden="true">
          {facts.join(' \u00b7 ')}
        </span>
      </div>
      {!connected && (
        <div className="jp-CodeAct-detail">
          {trans.__('The run goes on without this page.')}
        </div>
      )}
      {activity?.detail && <Detail activity={activity} offset={offset} />}
      {connected && isDeaf && <DeafCell />}
      {waits && !activity?.detail && seconds >= SLOW_SECONDS && (
        <div className="jp-CodeAct-detail">
          {trans.__('Slow models and long conversations may take minutes.')}
        </div>
      )}
    </div>
  );
}

/** What is said of the activity, with the time that is left until a request that failed is made again. */
function Detail(props: { activity: Activity; offset: number }): JSX.Element {
  const { detail, retry_seconds: wait, since } = props.activity;
  const passed = useElapsed(since, props.offset);
  const left = wait - passed;
  const when = left > 0 ? ` in ${Math.ceil(left)} s` : ' now';
  const counts = wait > 0 && passed >= 1;
  return (
    <div className="jp-CodeAct-detail">
      {visible(counts ? detail.replace(/ in [\d.]+ s(?=:)/, when) : detail)}
    </div>
  );
}

/** Seconds that the activity which was found on opening had already taken; 0 for all later ones. */
function useFirstOffset(activity: Activity | null): number {
  const first = React.useRef<string | null>(null);
  if (!activity) {
    return 0;
  }
  first.current ??= activity.since;
  const passed = (Date.now() - Date.parse(activity.since)) / 1000;
  return first.current === activity.since && passed > 0 ? passed : 0;
}

function wordsFor(
  what: Activity['state'] | 'connecting' | 'stopping' | 'writing',
  model: string,
  trans: TranslationBundle
): string {
  switch (what) {
    case 'connecting':
      return trans.__('Connecting');
    case 'stopping':
      return trans.__('Stopping');
    case 'writing':
      return trans.__('Writing');
    case 'waiting_for_model':
      return trans.__('Waiting for %1', visible(model));
    case 'waiting_for_kernel':
      return trans.__('Waiting for the kernel');
    case 'running_cell':
      return trans.__('Running the cell');
    case 'interrupt_ignored':
      return trans.__('The cell does not react to interrupts');
    case 'waiting_for_approval':
      return trans.__('Waiting for your decision');
    case 'idle':
      return trans.__('Idle');
  }
}

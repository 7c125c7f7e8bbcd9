import {
  checkIcon,
  circleEmptyIcon,
  closeIcon,
  errorIcon,
  pauseIcon,
  stopIcon
} from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { useServices } from './services';
import type { StepStatus } from './views';

/** What `status` means, in a word or two. */
function wordOf(status: StepStatus, trans: TranslationBundle): string {
  switch (status) {
    case 'writing':
      return trans.__('Writing');
    case 'proposed':
      return trans.__('Waits for approval');
    case 'rejected':
      return trans.__('Rejected');
    case 'withdrawn':
      return trans.__('Not run');
    case 'starting':
      return trans.__('Starting');
    case 'running':
      return trans.__('Running');
    case 'unknown':
      return trans.__('Outcome unknown');
    case 'ok':
      return trans.__('Done');
    case 'error':
      return trans.__('Failed');
    case 'interrupted':
      return trans.__('Interrupted');
    case 'aborted':
      return trans.__('Not run');
    case 'lost':
      return trans.__('Lost');
  }
}

const ICONS = {
  proposed: pauseIcon,
  rejected: closeIcon,
  withdrawn: circleEmptyIcon,
  unknown: errorIcon,
  ok: checkIcon,
  error: closeIcon,
  interrupted: stopIcon,
  aborted: circleEmptyIcon,
  lost: errorIcon
};

/** A mark for `status`: it turns while work goes on, and is green only for what the kernel called ok. */
export function StatusIcon(props: { status: StepStatus }): JSX.Element {
  const { status } = props;
  const { trans } = useServices();
  const word = wordOf(status, trans);
  const moves =
    status === 'writing' || status === 'starting' || status === 'running';
  const Icon = moves ? null : ICONS[status];
  return (
    <span
      className={`jp-CodeAct-status jp-mod-${status}`}
      role="img"
      aria-label={word}
      title={word}
    >
      {Icon ? (
        <Icon.react tag="span" width="14px" height="14px" />
      ) : (
        <span className="jp-CodeAct-spinner" />
      )}
    </span>
  );
}

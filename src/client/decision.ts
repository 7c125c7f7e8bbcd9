import { UUID } from '@lumino/coreutils';

import type { Proposal } from '../events';
import type { IDecision } from './api';

/** The approval of `proposal` as it is, or of `wanted` where that is something else. */
export function approval(
  step: number,
  proposal: Proposal,
  wanted: string
): IDecision {
  const decision_id = UUID.uuid4();
  return wanted === proposal.source
    ? { decision_id, step, decision: 'approve' }
    : { decision_id, step, decision: 'edit', source: wanted };
}

/** The refusal of what `step` proposed; the model reads the note. */
export function rejection(step: number, note: string): IDecision {
  return { decision_id: UUID.uuid4(), step, decision: 'reject', note };
}

import { UUID } from '@lumino/coreutils';

import type { Proposal } from '../events';
import type { IDecision } from './api';

/**
 * The approval of `proposal` as it is, or of `wanted` where that is something else; with `all`, of what the rest of its
 * run proposes too. Either says what was seen: the server refuses the approval of anything else.
 */
export function approval(
  step: number,
  proposal: Proposal,
  wanted: string,
  all: boolean
): IDecision {
  const given = { decision_id: UUID.uuid4(), step };
  const from = all ? { approval: 'auto' as const } : {};
  return wanted === proposal.source
    ? { ...given, decision: 'approve', source: wanted, ...from }
    : { ...given, decision: 'edit', source: wanted, ...from };
}

/** The refusal of what `step` proposed; the model reads the note. */
export function rejection(step: number, note: string): IDecision {
  return { decision_id: UUID.uuid4(), step, decision: 'reject', note };
}

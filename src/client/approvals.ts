import type { ApprovalMode } from '../tokens';

/**
 * The approval that the user chose, for each conversation: it ends with the conversation, or with the page.
 *
 * A conversation that has not begun has the name of its notebook for a key; `begin` hands over what was chosen for it.
 */
export class Approvals {
  /** What was chosen for `key`, or null for the server's default. */
  chosen(key: string): ApprovalMode | null {
    return this._chosen.get(key) ?? null;
  }

  /** `mode` holds for `key`; null: the server's default, whatever that becomes with another model. */
  choose(key: string, mode: ApprovalMode | null): void {
    if (mode === null) {
      this._chosen.delete(key);
    } else {
      this._chosen.set(key, mode);
    }
    if (mode === 'auto') {
      this._agreed.add(key);
    }
  }

  /** Whether the user has agreed that cells of `key` run without asking. */
  agreed(key: string): boolean {
    return this._agreed.has(key);
  }

  /** What was chosen for `key` holds for the conversation `id`, which has begun. */
  begin(key: string, id: string): void {
    const mode = this._chosen.get(key);
    if (mode) {
      this._chosen.set(id, mode);
    }
    if (this._agreed.has(key)) {
      this._agreed.add(id);
    }
    this.forget(key);
  }

  forget(key: string): void {
    this._chosen.delete(key);
    this._agreed.delete(key);
  }

  private readonly _chosen = new Map<string, ApprovalMode>();
  private readonly _agreed = new Set<string>();
}

/** The key of the conversation that has not begun about the notebook at `path`. */
export function unbegun(path: string | null): string {
  return `/${path ?? ''}`;
}

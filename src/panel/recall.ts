/**
 * The messages that were sent, to be written again: older ones with Up, back to what was being written with Down.
 *
 * It lasts until the recalled text is changed.
 */
export class Recall {
  /**
   * What stands in the box after Up (`step` -1) or Down (1); null where the key keeps its usual meaning.
   *
   * @param sent The messages, the oldest first.
   * @param text What stands in the box now.
   * @param caret Where the caret is; null where something is selected.
   */
  move(
    step: -1 | 1,
    sent: readonly string[],
    text: string,
    caret: number | null
  ): string | null {
    const recalls = this._back > 0 && text === this._shown;
    const atEdge = caret === 0 || (recalls && caret === text.length);
    const back = (recalls ? this._back : 0) - step;
    if (!atEdge || back < 0 || (step === 1 && !recalls)) {
      return null;
    }
    const known = distinct(sent);
    if (back > known.length) {
      return null;
    }
    if (!recalls) {
      this._draft = text;
    }
    this._back = back;
    this._shown = back === 0 ? this._draft : known[known.length - back];
    return this._shown;
  }

  private _back = 0;
  private _draft = '';
  private _shown = '';
}

/** Without what was said again right after. */
function distinct(sent: readonly string[]): string[] {
  return sent.filter((text, index) => text !== sent[index - 1]);
}

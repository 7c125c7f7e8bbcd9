import type * as nbformat from '@jupyterlab/nbformat';
import type { IOutputAreaModel } from '@jupyterlab/outputarea';
import { OutputAreaModel } from '@jupyterlab/outputarea';
import type { PartialJSONObject } from '@lumino/coreutils';

/** Keeps one item an output, as the journal numbers them; JupyterLab's own merges neighbouring streams. */
class NumberedOutputs extends OutputAreaModel {
  protected override shouldCombine(): boolean {
    return false;
  }
}

/** Outputs of one cell, kept equal to the journal's by changing only what changed. */
export class CellOutputs {
  readonly model: IOutputAreaModel = new NumberedOutputs();

  /** The model shows `outputs`; entries that are the same objects as before are left alone. */
  update(outputs: ReadonlyArray<PartialJSONObject>): void {
    if (outputs.length < this._shown.length) {
      this.model.clear();
      this._shown = [];
    }
    outputs.forEach((output, index) => {
      if (index >= this._shown.length) {
        this.model.add(output as unknown as nbformat.IOutput);
      } else if (output !== this._shown[index]) {
        this.model.set(index, output as unknown as nbformat.IOutput);
      }
    });
    this._shown = [...outputs];
  }

  dispose(): void {
    this.model.dispose();
  }

  private _shown: PartialJSONObject[] = [];
}

import type { IMaterial, INamedCell, INamedFile } from '../../material';

/** What a test says that there is. */
export class Material implements IMaterial {
  note = '';
  /** Holds the variables back until it is fulfilled. */
  ready: Promise<void> = Promise.resolve();
  found: INamedFile[] = [file('notes.txt', 20), file('plot.png', 30)];
  binaries: string[] = [];

  cells(): INamedCell[] {
    return [
      { id: 'a', type: 'code', number: 2, place: 1, source: 'total = 1' }
    ];
  }

  output(cellId: string): string {
    return `output of ${cellId}`;
  }

  async variables() {
    await this.ready;
    const sales = {
      name: 'sales',
      type: 'DataFrame',
      summary: '',
      columns: []
    };
    return { variables: this.note ? [] : [sales], note: this.note };
  }

  async files() {
    return this.found;
  }

  async file(path: string) {
    const found = this.found.find(each => each.path === path);
    if (!found) {
      throw new Error(`${path} is not there.`);
    }
    return found;
  }

  async isText({ path }: INamedFile) {
    return !this.binaries.includes(path);
  }
}

export function file(name: string, size: number): INamedFile {
  return { path: `work/${name}`, name, size, modified: '2026-01-01' };
}

import { Api } from '../api';
import { nameOf } from '../download';
import { TestServer } from './server';

describe('a conversation as a file', () => {
  let server: TestServer;
  const saved: { name: string; content: Blob }[] = [];

  beforeEach(async () => {
    server = await TestServer.start();
    let content = new Blob();
    // jsdom has no object URLs, and saves nothing.
    URL.createObjectURL = blob => {
      content = blob as Blob;
      return 'blob:made';
    };
    URL.revokeObjectURL = () => undefined;
    HTMLAnchorElement.prototype.click = function () {
      saved.push({ name: this.download, content });
    };
  });

  afterEach(async () => {
    saved.length = 0;
    await server.stop();
  });

  it('is saved as the server sent it', async () => {
    server.failures.set('conversations/c%2F1/export', [200, '# S\u00fc\u00df']);
    await new Api(server.settings).download('c/1', 'markdown');
    expect(server.received[0].path).toMatch(
      /^conversations\/c%2F1\/export\?format=markdown\b/
    );
    expect(saved.map(file => file.name)).toEqual(['conversation.markdown']);
    expect(saved[0].content.size).toBe(7);
    expect(document.querySelector('a')).toBeNull();
  });

  it('that cannot be had is an error in words', async () => {
    const body = JSON.stringify({ message: 'line 3: damaged', reason: 'x' });
    server.failures.set('conversations/c1/export', [500, body]);
    await expect(
      new Api(server.settings).download('c1', 'ipynb')
    ).rejects.toThrow('line 3: damaged');
    expect(saved).toEqual([]);
  });

  it.each([
    [null, ''],
    ['attachment', ''],
    [
      'attachment; filename="S-1.md"; filename*=UTF-8\'\'S%C3%BC%C3%9F-1.md',
      'S\u00fc\u00df-1.md'
    ]
  ])('has the name in %s', (disposition, name) => {
    expect(nameOf(disposition)).toBe(name);
  });
});

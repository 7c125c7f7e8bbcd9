import { Connections } from '../connections';
import { TestServer } from './server';

describe('the connections on the server', () => {
  let server: TestServer;
  let changes: number;
  let connections: Connections;

  beforeEach(async () => {
    server = await TestServer.start();
    changes = 0;
    connections = new Connections(server.settings, async () => {
      changes++;
    });
    for (const path of [
      'connections',
      'endpoints',
      'connections/a%20b',
      'connections/a%20b/models',
      'connections/a%20b/check'
    ]) {
      server.failures.set(path, [200, JSON.stringify({ path })]);
    }
  });

  afterEach(() => server.stop());

  it('are asked for, changed and checked by name', async () => {
    await connections.list();
    await connections.endpoints();
    await connections.models('a b', { base_url: 'http://h/v1' });
    await connections.check('a b');
    expect(changes).toBe(0);
    await connections.put('a b', { chosen: true });
    await connections.remove('a b');
    expect(changes).toBe(2);
    expect(
      server.received.map(({ method, path, body }) => [
        method,
        path.split('?')[0],
        body
      ])
    ).toEqual([
      ['GET', 'connections', {}],
      ['GET', 'endpoints', {}],
      ['POST', 'connections/a%20b/models', { base_url: 'http://h/v1' }],
      ['POST', 'connections/a%20b/check', {}],
      ['PUT', 'connections/a%20b', { chosen: true }],
      ['DELETE', 'connections/a%20b', {}]
    ]);
  });

  it('say why they were refused', async () => {
    server.failures.set('connections/x', [
      403,
      '{"message": "Not allowed.", "reason": "Forbidden"}'
    ]);
    await expect(connections.put('x', {})).rejects.toThrow('Not allowed.');
    expect(changes).toBe(0);
  });
});

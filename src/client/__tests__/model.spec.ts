import { Api } from '../api';
import { ConversationModel } from '../model';
import { RequestError } from '../request';
import { Journal } from './journal';
import { TestServer, until } from './server';

describe('a conversation model', () => {
  let server: TestServer;
  let journal: Journal;
  let model: ConversationModel;

  beforeEach(async () => {
    journal = new Journal().run();
    server = (await TestServer.start()).add(journal);
    model = await ConversationModel.open(
      new Api(server.settings),
      'talk',
      'me'
    );
    await until(() => model.connected);
  });

  afterEach(async () => {
    model.dispose();
    await server.stop();
  });

  it('starts with the state on the server, and follows what comes after', async () => {
    expect(model.state).toEqual(journal.state);
    expect(server.followed).toMatchObject([
      { id: 'talk', after: 2, client: 'me', token: 'secret token' }
    ]);
    let changes = 0;
    model.stateChanged.connect(() => changes++);
    server.emit(journal.reply(1).events[2]);
    await until(() => model.state.seq === 3);
    expect(model.state).toEqual(journal.state);
    expect(changes).toBe(1);
  });

  it('takes in nothing twice', async () => {
    server.emit(journal.reply(1).events[2]);
    server.emit(journal.events[2]);
    server.emit(journal.events[0]);
    server.emit(journal.submit(1, 'c', null, '1').events[3]);
    await until(() => model.state.seq === 4);
    expect(model.state).toEqual(journal.state);
  });

  it('resumes after a lost connection where it was', async () => {
    server.emit(journal.reply(1).events[2]);
    await until(() => model.state.seq === 3);
    server.cut();
    await until(() => !model.connected);
    journal.submit(1, 'c', null, '1').finish(1, 'c').end();
    await until(() => model.state.seq === journal.events.length);
    expect(server.followed.map(each => each.after)).toEqual([2, 3]);
    expect(model.state).toEqual(journal.state);
    expect(model.connected).toBe(true);
  });

  it('knows what is not saved, until it is', async () => {
    server.emit({ kind: 'unsaved', detail: 'the disk is full' });
    await until(() => model.unsaved === 'the disk is full');
    server.cut();
    await until(() => !model.connected);
    await until(() => model.connected && model.unsaved === '');
  });

  it('knows why it can be read only, and what the notebook lacks, until that is over', async () => {
    server.emit({ kind: 'read_only', detail: 'a newer one wrote it' });
    server.emit({ kind: 'unwritten', detail: 'the notebook is gone' });
    await until(() => model.unwritten !== '');
    expect(model.unwritten).toBe('the notebook is gone');
    expect(model.readOnly).toBe('a newer one wrote it');
    server.cut();
    await until(() => !model.connected);
    await until(() => model.connected);
    expect([model.readOnly, model.unwritten]).toEqual(['', '']);
  });

  it('says that the user is logged out, and goes on after a login', async () => {
    server.failures.set('status', [403, '{"message": "Forbidden"}']);
    server.refuses = true;
    server.cut();
    await until(() => model.loginUrl !== '');
    expect(model.loginUrl).toMatch(/\/base\/login$/);
    expect(model.connected).toBe(false);
    journal.reply(1);
    server.refuses = false;
    await until(() => model.connected);
    await until(() => model.state.seq === journal.events.length);
    expect(model.loginUrl).toBe('');
  });

  it('is not logged out where the server is only away', async () => {
    server.failures.set('status', [502, '']);
    server.refuses = true;
    server.cut();
    await until(() => server.received.some(({ path }) => /^status/.test(path)));
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(model.loginUrl).toBe('');
  });

  it('reads again what a gap left out', async () => {
    journal.reply(1).submit(1, 'c', null, '1').finish(1, 'c');
    server.emit(journal.events[4]);
    await until(() => model.state.seq === 5);
    expect(model.state).toEqual(journal.state);
  });

  it('joins what is streamed, until the reply is there', async () => {
    const delta = { kind: 'reply_delta', step: 1, reasoning: '' } as const;
    server.emit({ ...delta, text: 'I will', restart: false });
    server.emit({ ...delta, text: ' look', restart: false });
    await until(() => model.partial?.text === 'I will look');
    server.emit({ ...delta, text: '', restart: true });
    await until(() => model.partial?.voided === true);
    expect(model.partial?.text).toBe('I will look');
    server.emit({ ...delta, text: 'A', restart: false });
    await until(() => model.partial?.text === 'A');
    expect(model.partial?.voided).toBeUndefined();
    server.emit({ ...delta, text: 'Again', restart: true });
    await until(() => model.partial?.text === 'Again');
    server.emit(journal.reply(1, 'Again.').events[2]);
    await until(() => model.state.seq === 3);
    expect(model.partial).toBeNull();
  });

  it('keeps no half of a reply over a lost connection', async () => {
    server.emit({
      kind: 'reply_delta',
      step: 1,
      text: 'half',
      reasoning: '',
      restart: false
    });
    await until(() => model.partial !== null);
    server.cut();
    await until(() => !model.connected);
    expect(model.partial).toBeNull();
  });

  it('knows what the run does, and that it does nothing after its end', async () => {
    expect(model.activity?.state).toBe('idle');
    const since = '2026-01-01T00:00:00Z';
    server.emit({
      kind: 'activity',
      state: 'running_cell',
      since,
      detail: '',
      told_seq: 0,
      retry_seconds: 0
    });
    await until(() => model.activity?.state === 'running_cell');
    server.emit(journal.end().events[2]);
    await until(() => model.activity?.state === 'idle');
  });

  it('writes the notebook while the lease is its own', async () => {
    expect(model.writes).toBe(false);
    server.emit({ kind: 'lease', client: 'me' });
    await until(() => model.writes);
    server.emit({ kind: 'lease', client: 'another' });
    await until(() => !model.writes);
  });

  it('leaves the server alone once it is disposed', async () => {
    model.dispose();
    await until(() => server.open.size === 0);
    expect(model.isDisposed).toBe(true);
    expect(server.followed.length).toBe(1);
  });

  it('says in words why it cannot be opened', async () => {
    const opening = ConversationModel.open(
      new Api(server.settings),
      'no',
      'me'
    );
    await expect(opening).rejects.toBeInstanceOf(RequestError);
    await expect(opening).rejects.toMatchObject({
      message: 'No conversations/no.',
      status: 404,
      reason: 'Unknown'
    });
  });

  it("does not take a proxy's page for words", async () => {
    server.failures.set('status', [502, '<html>Bad gateway</html>']);
    await expect(new Api(server.settings).status()).rejects.toMatchObject({
      message: '502 Bad Gateway'
    });
  });
});

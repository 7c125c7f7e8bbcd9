"""What the benchmark of the panel does inside the page: JavaScript functions, as text."""

READY = """async () => {
  const until = performance.now() + 60000;
  while (!window.jupyterapp || document.querySelector('#jupyterlab-splash')) {
    if (performance.now() > until) throw new Error('JupyterLab did not start');
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  await window.jupyterapp.restored;
}"""
"""JupyterLab is there."""

OPEN_NOTEBOOK = """async path => {
  const start = performance.now();
  const panel = await window.jupyterapp.commands.execute('docmanager:open', { path, factory: 'Notebook' });
  await panel.context.ready;
  await panel.revealed;
  await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const took = performance.now() - start;
  await panel.sessionContext.ready;
  return took;
}"""
"""Milliseconds until the notebook is shown; its kernel is there then."""

REST = """async () => {
  const until = performance.now() + 60000;
  const idle = () => new Promise(resolve => requestIdleCallback(resolve, { timeout: 200 }));
  while (document.querySelector('.jp-Cell-Placeholder') && performance.now() < until) await idle();
  await new Promise(resolve => setTimeout(resolve, 1000));
}"""
"""JupyterLab has made the editors of the notebook's cells, which it does one by one when it has time."""

SHOW_PANEL = """async existing => {
  const wait = ms => new Promise(resolve => setTimeout(resolve, ms));
  await window.jupyterapp.commands.execute('codeact:open-panel');
  while (!document.querySelector('.jp-CodeAct-model')) await wait(20);
  if (!existing) await window.jupyterapp.commands.execute('codeact:new-conversation');
  const wanted = existing ? '.jp-CodeAct-step' : '.jp-CodeAct-firstRun';
  while (!document.querySelector(wanted)) await wait(20);
  await wait(500);
}"""
"""The panel is shown, with the notebook's conversation or without one."""

OPEN_CONVERSATION = """async () => {
  const frame = () => new Promise(resolve => requestAnimationFrame(resolve));
  const click = async (selector, wanted) => {
    document.querySelector(selector).click();
    while (!document.querySelector(wanted)) await frame();
  };
  await click('.jp-CodeAct-header [aria-label="New conversation"]', '.jp-CodeAct-firstRun');
  await click('.jp-CodeAct-header [aria-label="History"]', '.jp-CodeAct-rowOpen');
  const start = performance.now();
  await click('.jp-CodeAct-rowOpen', '.jp-CodeAct-step');
  const last = () => Array.from(document.querySelectorAll('.jp-CodeAct-prose')).pop();
  while (!last()?.textContent) await frame();
  await frame();
  await frame();
  return {
    seconds: (performance.now() - start) / 1000,
    items: document.querySelector('.jp-CodeAct-items').children.length,
    cards: document.querySelectorAll('.jp-CodeAct-card').length
  };
}"""
"""How long it took from the click on it in the history until the conversation was drawn, and how much of it was."""

FRAMES = """ms => new Promise(resolve => {
  const frames = [];
  let last = performance.now();
  const start = last;
  const next = () => {
    const now = performance.now();
    frames.push(now - last);
    last = now;
    if (now - start < ms) requestAnimationFrame(next); else resolve(frames);
  };
  requestAnimationFrame(next);
})"""
"""The milliseconds between frames for so long."""

SCROLL = """() => new Promise(resolve => {
  const node = document.querySelector('.jp-CodeAct-scroller');
  const frames = [];
  let last = performance.now(), left = 240;
  const next = () => {
    const now = performance.now();
    frames.push(now - last);
    last = now;
    node.scrollTop -= 120;
    if (left--) requestAnimationFrame(next); else { node.scrollTop = node.scrollHeight; resolve(frames); }
  };
  requestAnimationFrame(next);
})"""
"""The milliseconds between frames while the conversation is scrolled through, 120 pixels a frame."""

WATCH = """() => {
  const before = document.querySelectorAll('[data-view^="end-"]').length;
  const seen = { frames: [], tasks: [], before };
  const tasks = new PerformanceObserver(list => {
    for (const task of list.getEntries()) seen.tasks.push(task.duration);
  });
  tasks.observe({ type: 'longtask' });
  let last = performance.now();
  const next = () => {
    const now = performance.now();
    seen.frames.push(now - last);
    last = now;
    if (!seen.over) requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
  window.seen = seen;
  seen.stop = () => { seen.over = true; tasks.disconnect(); };
}"""
"""From now on frames and long tasks are recorded."""

ASK = """async () => {
  const wait = () => new Promise(resolve => setTimeout(resolve, 50));
  const text = () => Array.from(document.querySelectorAll('.jp-CodeAct-prose')).pop()?.textContent ?? '';
  const until = performance.now() + 120000;
  const ended = () => document.querySelectorAll('[data-view^="end-"]').length > window.seen.before;
  while (!ended() || !text().includes('The end.')) {
    if (performance.now() > until) {
      throw new Error(`The reply did not arrive: ${document.querySelector('.jp-CodeAct').innerText.slice(-500)}`);
    }
    await wait();
  }
  window.seen.stop();
  const { frames, tasks } = window.seen;
  return { frames, tasks };
}"""
"""The run that was asked for is over; what was recorded meanwhile."""

APPEND = """async (text, size, delay) => {
  const box = document.createElement('div');
  box.style.cssText = 'position:absolute;inset:30px 0 30px auto;width:400px;overflow:auto;z-index:9;background:white';
  const pre = box.appendChild(document.createElement('pre'));
  pre.style.cssText = 'white-space:pre-wrap;padding:10px';
  document.body.append(box);
  const seen = { frames: [], tasks: [] };
  const tasks = new PerformanceObserver(list => {
    for (const task of list.getEntries()) seen.tasks.push(task.duration);
  });
  tasks.observe({ type: 'longtask' });
  const start = performance.now();
  let last = start, at = 0, over = false;
  const frame = () => {
    const now = performance.now();
    seen.frames.push(now - last);
    last = now;
    box.scrollTop = box.scrollHeight;
    if (!over) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  await new Promise(resolve => {
    const next = () => {
      while (at * delay <= performance.now() - start && at * size < text.length) {
        pre.append(text.slice(at * size, ++at * size));
      }
      if (at * size < text.length) setTimeout(next, delay); else requestAnimationFrame(() => setTimeout(resolve));
    };
    next();
  });
  over = true;
  tasks.disconnect();
  box.remove();
  return seen;
}"""
"""A text was appended to a `pre`, a piece every `delay` ms, and its end kept in view; what was recorded meanwhile."""

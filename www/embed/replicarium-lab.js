// <replicarium-lab>: a replicated database in anybody's page. One script tag, classic or module, from the folder that
// the site is in; a still picture first, the program when it is wanted. Attributes, methods, events: docs/embedding.
//
// It knows messages and frames, nothing of runs: those are the page's inside the frame.

(() => {
  'use strict';

  const NAME = 'replicarium-lab';
  const FILE = 'replicarium-lab.js';
  if (customElements.get(NAME)) return;

  /** Attributes that the page in the frame reads; it says what is wrong with them, too. */
  const LOOK = ['controls', 'theme', 'loop', 'speed', 'lang', 'start-at', 'height'];
  /** What a frame goes back to when an attribute is taken away. */
  const USUAL = { loop: 'false', speed: 'auto', theme: 'auto', controls: 'full', lang: 'en' };
  const SWITCHES = ['autoplay', 'loop'];
  const ATTRIBUTES = [...new Set([...LOOK, 'autoplay', 'scenario', 'seed', 'link', 'poster'])];
  const PROPERTIES = ATTRIBUTES.map((name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase()));
  /** Told as events of the element, with what they carry. */
  const EVENTS = ['ready', 'time', 'verdict', 'promise-broken', 'error'];
  /** Heights in pixels for each sort of controls, and in a narrow column. */
  const HEIGHTS = { full: [420, 520], minimal: [380, 460], none: [330, 400] };
  const NARROW = 480;
  /** An element that plays by itself begins to load when it is so near to what is seen. */
  const NEAR = '200px';
  const SVG = 'http://www.w3.org/2000/svg';

  /** The folder of the site, from wherever this script was loaded. */
  const ROOT = (() => {
    const tag = document.currentScript ?? document.querySelector(`script[src*="${FILE}"]`);
    const traced = () => new Error().stack?.match(/(\w+:\/\/[^\s)]*?replicarium-lab\.js)/)?.[1];
    return new URL('..', tag?.src || traced() || document.baseURI);
  })();

  /** Only a page of that folder is to get what is meant for it; one from a disk has no origin to name. */
  const TARGET = ROOT.origin === 'null' ? '*' : ROOT.origin;

  const STYLE = `
    :host { display: block; container-type: inline-size; margin-block: 1rem; }
    :host([hidden]) { display: none; }
    .box {
      position: relative; box-sizing: border-box; overflow: hidden; border: 1px solid var(--edge); border-radius: 10px;
      background: var(--ground); color: var(--ink); --ground: #fff; --ink: #1b2430; --edge: #dcd8cc; --play: #0a6288;
      font: 15px/1.4 system-ui, sans-serif;
    }
    .box[data-theme="dark"] { --ground: #141c20; --ink: #e8eef0; --edge: #2d3a40; --play: #5bc0eb; }
    @media (prefers-color-scheme: dark) {
      .box:not([data-theme="light"]) { --ground: #141c20; --ink: #e8eef0; --edge: #2d3a40; --play: #5bc0eb; }
    }
    ${Object.entries(HEIGHTS).map(([controls, [wide]]) => `.box[data-controls="${controls}"] { height: ${wide}px; }`).join(' ')}
    @container (max-width: ${NARROW}px) {
      ${Object.entries(HEIGHTS).map(([controls, [, narrow]]) => `.box[data-controls="${controls}"] { height: ${narrow}px; }`).join(' ')}
    }
    .box > * { position: absolute; inset: 0; width: 100%; height: 100%; border: 0; box-sizing: border-box; }
    .picture { object-fit: contain; padding: 12px; width: 100%; height: 100%; box-sizing: border-box; }
    svg.picture { padding: 15%; fill: none; stroke: var(--edge); stroke-width: 1.5; }
    iframe { visibility: hidden; }
    .box[data-state="ready"] iframe { visibility: visible; }
    .box[data-state="ready"] > :not(iframe) { display: none; }
    button { background: none; color: inherit; font: inherit; cursor: pointer; padding: 0; display: grid; place-items: center; }
    .sign {
      display: flex; align-items: center; gap: 0.6em; padding: 0.7em 1.3em 0.7em 1em; border-radius: 99px;
      background: var(--play); color: var(--ground); font-weight: 600; box-shadow: 0 2px 14px #0003;
    }
    .sign svg { width: 1.1em; height: 1.1em; fill: currentColor; }
    button:hover .sign { filter: brightness(1.1); }
    button:focus-visible { outline: 3px solid var(--play); outline-offset: -5px; border-radius: 10px; }
    .box[data-state="loading"] .sign { opacity: 0.6; }
  `;

  let sheet;
  /** The style sheet, made once; a policy that forbids inline styles allows it. */
  const sheetOf = () => {
    if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(STYLE);
    return sheet;
  };

  /** Frames that are alive, each with who listens to it. */
  const frames = new Map();
  /** What the first frame compiled; the others are handed it. */
  const program = { module: undefined, maker: undefined, waiting: [] };

  function hear({ source, data }) {
    const told = frames.get(source);
    if (!told || data === null || typeof data !== 'object' || data.replicarium !== 1) return;
    if (data.event === 'program-wanted') lend(source);
    else if (data.event === 'program') borrow(source, data.module);
    else told(data);
  }

  /** Hands a frame what is compiled; if nothing is, it compiles, and others wait for it. */
  function lend(frame) {
    if (program.module) give(frame, program.module);
    else if (program.maker) program.waiting.push(frame);
    else give((program.maker = frame));
  }

  function give(frame, module) {
    try {
      frame.postMessage({ replicarium: 1, do: 'program', module }, TARGET);
    } catch {
      frame.postMessage({ replicarium: 1, do: 'program' }, TARGET);
    }
  }

  function borrow(frame, module) {
    if (frame !== program.maker) return;
    if (module instanceof WebAssembly.Module) program.module = module;
    program.maker = undefined;
    for (const waiting of program.waiting.splice(0)) if (frames.has(waiting)) lend(waiting);
  }

  function enter(frame, told) {
    if (frames.size === 0) addEventListener('message', hear);
    frames.set(frame, told);
  }

  function leave(frame) {
    frames.delete(frame);
    program.waiting = program.waiting.filter((waiting) => waiting !== frame);
    if (program.maker === frame) borrow(frame);
    if (frames.size > 0) return;
    removeEventListener('message', hear);
    program.module = undefined;
  }

  /** A mistake as everywhere in Replicarium: what, where, how to put it right. */
  function mistake({ code = 'embed/refused', what = 'it was refused', where = '', fix = '' }) {
    return Object.assign(new Error(`${what} (${where}): ${fix}`), { code, what, where, fix });
  }

  const REMOVED = { code: 'embed/removed', what: 'the element was taken out of the page', where: NAME, fix: 'put it back and ask again' };

  function drawn(name, attributes, ...children) {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  }

  /** Three nodes and their links, for runs of which there is no picture. */
  function neutral() {
    const nodes = [[30, 50], [150, 20], [150, 80]];
    const line = ([x1, y1], [x2, y2]) => drawn('line', { x1, y1, x2, y2 });
    const node = ([x, y]) => drawn('rect', { x: x - 24, y: y - 13, width: 48, height: 26, rx: 5 });
    const lines = [line(nodes[0], nodes[1]), line(nodes[0], nodes[2]), line(nodes[1], nodes[2])];
    return drawn('svg', { viewBox: '0 0 180 100', class: 'picture', 'aria-hidden': 'true' }, ...lines, ...nodes.map(node));
  }

  class ReplicariumLab extends HTMLElement {
    static observedAttributes = ATTRIBUTES;
    #box = document.createElement('div');
    #frame; #window; #near;
    #ready = false;
    #asked = new Map();
    #count = 0;
    /** Orders that wait until the program is there. */
    #held = [];

    constructor() {
      super();
      const shadow = this.attachShadow({ mode: 'open' });
      shadow.adoptedStyleSheets = [sheetOf()];
      this.#box.className = 'box';
      shadow.append(this.#box);
    }

    connectedCallback() {
      for (const name of PROPERTIES) this.#adopt(name);
      this.#near?.disconnect();
      this.#rest();
      if (!this.autoplay || this.#frame) return;
      this.#near = new IntersectionObserver((seen) => {
        if (seen.some((entry) => entry.isIntersecting)) this.#open();
      }, { rootMargin: NEAR });
      this.#near.observe(this);
    }

    /** Takes over a property that was set before this script was here. */
    #adopt(name) {
      if (!Object.hasOwn(this, name)) return;
      const value = this[name];
      delete this[name];
      this[name] = value;
    }

    disconnectedCallback() {
      this.#close();
      this.#box.replaceChildren();
    }

    attributeChangedCallback(name, before, now) {
      if (before === now || !this.isConnected) return;
      this.#reserve();
      if (!this.#frame) return name === 'autoplay' ? this.connectedCallback() : this.#rest();
      const order = this.#change(name, now);
      if (order) this.#order(order).catch((error) => this.#tell('error', error));
    }

    /** What a changed attribute asks of the run; nothing if it is about the picture only. */
    #change(name, now) {
      if (['scenario', 'link', 'seed'].includes(name)) {
        const run = this.link ? { link: behindHash(this.link) } : { scenario: this.scenario };
        return { do: 'load', ...run, ...(this.seed === '' ? {} : { seed: Number(this.seed) }) };
      }
      const ms = name === 'start-at' ? milliseconds(now ?? '0') : undefined;
      if (ms !== undefined) return { do: 'seek', ms };
      const value = now ?? USUAL[name];
      return LOOK.includes(name) && value !== undefined ? { do: 'set', name, value } : undefined;
    }

    /** Lets time pass; loads the program first if it is not here. */
    play() {
      this.#open(true);
      return this.#order({ do: 'play' });
    }

    /** Lets time stand still. */
    pause() {
      return this.#order({ do: 'pause' });
    }

    /** Puts the playhead at so many milliseconds. */
    seek(ms) {
      return this.#order({ do: 'seek', ms });
    }

    /** Does something to the cluster, now: `{ do: 'crash', node: 'leader' }`. */
    act(action) {
      return this.#order({ do: 'act', action });
    }

    /** Shows another run: the name of a scenario, a link, or a scenario's document. */
    load(run) {
      const isLink = typeof run === 'string' && /^#|^v\d+\.|^https?:|^[^{]*=/.test(run);
      return this.#order(isLink ? { do: 'load', link: behindHash(run) } : { do: 'load', scenario: run });
    }

    /** Where the run stands. */
    state() {
      return this.#order({ do: 'state' });
    }

    /** What the frame says. */
    #hear({ event, id, replicarium, ...detail }) {
      if (event === 'answer') {
        const asked = this.#asked.get(id);
        this.#asked.delete(id);
        if (detail.ok) asked?.answer(detail.state);
        else asked?.refuse(mistake(detail));
      } else if (event === 'ready') {
        this.#ready = true;
        const pressed = this.shadowRoot.activeElement;
        this.#box.dataset.state = 'ready';
        // Who pressed play goes on with the keys of the run.
        if (pressed) this.#frame.focus();
        for (const message of this.#held.splice(0)) this.#post(message);
      }
      // A program that failed says so where the run would be.
      if (event === 'error' && detail.code === 'program/failed') this.#box.dataset.state = 'ready';
      if (EVENTS.includes(event)) this.#tell(event, detail);
    }

    #tell(event, given) {
      const { code, what, where, fix } = given;
      const detail = event === 'error' ? { code, what, where, fix } : given;
      this.dispatchEvent(new CustomEvent(event, { detail }));
    }

    #order(order) {
      if (!this.isConnected) return Promise.reject(mistake(REMOVED));
      this.#open();
      const message = { replicarium: 1, id: ++this.#count, ...order };
      const answered = new Promise((answer, refuse) => this.#asked.set(message.id, { answer, refuse }));
      if (this.#ready) this.#post(message);
      else this.#held.push(message);
      return answered;
    }

    #post(message) {
      try {
        this.#window.postMessage(message, TARGET);
      } catch (error) {
        const asked = this.#asked.get(message.id);
        this.#asked.delete(message.id);
        const fix = 'ask with plain objects, numbers and texts';
        asked?.refuse(mistake({ code: 'embed/not-data', what: error.message, where: message.do, fix }));
      }
    }

    /** The still picture and the button. */
    #rest() {
      this.#reserve();
      if (this.#frame) return;
      const button = document.createElement('button');
      button.type = 'button';
      button.part = 'play';
      button.setAttribute('aria-label', `Play: ${this.#title()}`);
      const sign = document.createElement('span');
      sign.className = 'sign';
      sign.append(drawn('svg', { viewBox: '0 0 16 16', 'aria-hidden': 'true' }, drawn('path', { d: 'M4 1.5v13L14 8z' })), 'Play');
      button.append(sign);
      button.addEventListener('click', () => this.play().catch(() => {}));
      this.#box.dataset.state = 'resting';
      this.#box.replaceChildren(this.#picture(), button);
    }

    #picture() {
      const named = (ending) => new URL(`posters/${encodeURIComponent(this.scenario)}${ending}.svg`, ROOT).href;
      if (!this.poster && (this.link || !this.scenario)) return neutral();
      const [image, dark, picture] = ['img', 'source', 'picture'].map((tag) => document.createElement(tag));
      const src = this.poster || named(this.theme === 'dark' ? '-dark' : '');
      Object.assign(image, { className: 'picture', alt: '', decoding: 'async', src });
      Object.assign(dark, { media: '(prefers-color-scheme: dark)', srcset: named('-dark') });
      picture.append(...(this.poster || this.theme === 'light' || this.theme === 'dark' ? [image] : [dark, image]));
      image.addEventListener('error', () => picture.replaceWith(neutral()), { once: true });
      return picture;
    }

    /** Keeps the room for the run, so that nothing jumps. */
    #reserve() {
      const { controls, theme } = this;
      this.#box.dataset.controls = Object.hasOwn(HEIGHTS, controls) ? controls : 'full';
      this.#box.dataset.theme = theme;
      const height = Number(this.getAttribute('height'));
      this.#box.style.height = height >= 120 && height <= 4000 ? `${height}px` : '';
    }

    #title() {
      return `Replicarium: ${this.scenario || 'a run of a replicated database'}`;
    }

    /** Begins to load the program. `play`: somebody pressed play. */
    #open(play = false) {
      if (this.#frame || !this.isConnected) return;
      this.#near?.disconnect();
      const address = new URL('./', ROOT);
      address.searchParams.set('embed', '');
      for (const name of LOOK) if (this.hasAttribute(name)) address.searchParams.set(name, this.getAttribute(name));
      if (this.hasAttribute('seed')) address.searchParams.set('seed', this.getAttribute('seed'));
      if (play) address.searchParams.set('play', '');
      else if (this.autoplay) address.searchParams.set('autoplay', '');
      if (ROOT.origin === location.origin) address.searchParams.set('shared', '');
      address.hash = behindHash(this.link || this.scenario);
      this.#frame = document.createElement('iframe');
      this.#frame.title = this.#title();
      this.#frame.src = address.href;
      this.#box.dataset.state = 'loading';
      this.#box.append(this.#frame);
      this.#window = this.#frame.contentWindow;
      enter(this.#window, (message) => this.#hear(message));
    }

    #close() {
      this.#near?.disconnect();
      this.#near = undefined;
      if (this.#frame) {
        leave(this.#window);
        this.#frame.remove();
      }
      this.#frame = this.#window = undefined;
      this.#ready = false;
      this.#held = [];
      for (const { refuse } of this.#asked.values()) refuse(mistake(REMOVED));
      this.#asked.clear();
    }
  }

  /** What stands behind the hash of a link, or the whole of it. */
  function behindHash(link) {
    return link.slice(link.indexOf('#') + 1);
  }

  /** A time as `start-at` writes it, in milliseconds. */
  function milliseconds(text) {
    const [, number, unit] = text.match(/^(\d+(?:\.\d+)?)\s*(ms|s|min)?$/) ?? [];
    return number === undefined ? undefined : Number(number) * { ms: 1, s: 1000, min: 60000 }[unit ?? 's'];
  }

  for (const [index, name] of ATTRIBUTES.entries()) {
    const property = PROPERTIES[index];
    const isSwitch = SWITCHES.includes(name);
    Object.defineProperty(ReplicariumLab.prototype, property, {
      configurable: true,
      enumerable: true,
      get() {
        return isSwitch ? this.hasAttribute(name) : (this.getAttribute(name) ?? '');
      },
      set(value) {
        if (isSwitch) this.toggleAttribute(name, Boolean(value));
        else if (value === null || value === undefined) this.removeAttribute(name);
        else this.setAttribute(name, value);
      },
    });
  }

  customElements.define(NAME, ReplicariumLab);
})();


/** What `new Lab` may be told besides the scenario. */
export interface LabOptions {
  /** Root of all chance in the run, instead of the scenario's. */
  seed?: number;
  /** Where the run ends, instead of where the scenario says; what its script does after that is left out. */
  untilMs?: number;
}

/** How much one call may do. */
export interface Budget {
  /** Happenings, at most: 200,000 unless told otherwise, which takes a fraction of a second. */
  budget?: number;
}

/** How far `runUntil` goes. */
export interface UntilOptions extends Budget {
  /** From now on, at most so long; to the end of the run unless told otherwise. */
  limitMs?: number;
}

/** Which rows are wanted. */
export interface Stretch {
  /** From this instant on. */
  fromMs?: number;
  /** To before this one. */
  toMs?: number;
  /** At most so many rows, the first ones: 100,000 unless told otherwise. */
  limit?: number;
}

/** What a run is played until. */
export type Condition =
  | 'death' | 'suspicion' | 'promotion' | 'caught-up' | 'acknowledgement' | 'promise-broken'
  | { sort: string; node?: string }
  | ((event: TraceEvent) => boolean);

/** What can be inspected. */
export type Selection =
  | { node: string }
  | { link: [string, string] }
  | { message: number }
  | { event: number }
  | { write: number };

/** What can be listened to, and what a callback is told. */
export interface LabEvents {
  /** Every event that is recorded while time passes, in order. */
  event: TraceEvent;
  /** A promise whose verdict is not what it was; looked at every 250 ms of simulated time and at the end. */
  verdict: Verdict;
  /** A promise that is broken now; looked at as `verdict` is. */
  'promise-broken': Verdict;
}

/** How a call that gives way now and then goes on. */
export interface AsyncOptions {
  /** Ends it: the promise is rejected with the signal's reason, and the lab stands where it was. */
  signal?: AbortSignal;
  /** Told after every slice of work, a few milliseconds each. */
  onProgress?: (passed: Passed) => void;
}

export interface Lab {
  /** From now on, `callback` is told of every `event`. Returns a function that ends that. */
  on<Event extends keyof LabEvents>(event: Event, callback: (told: LabEvents[Event]) => void): () => void;
  /** As `advance`, to the very end of the stretch, in slices between which the page stays alive. */
  advanceAsync(ms: number, options?: AsyncOptions): Promise<Passed>;
  /** As `finish`, to the very end of the run, in slices between which the page stays alive. */
  finishAsync(options?: AsyncOptions): Promise<Passed>;
}

/** One mistake: its stable name, what is wrong, where, and how to put it right. */
export interface Problem {
  code: string;
  what: string;
  where: string;
  fix: string;
}

/** How an export is to look. */
export interface ExportOptions {
  /** Of pictures: light unless told otherwise. */
  theme?: 'light' | 'dark';
  /** A line at the foot of pictures. */
  caption?: string;
  /** Where the run can be opened: at the foot of pictures. */
  link?: string;
}

/** What is thrown for a mistake: the first one, and all of them. */
export interface LabError extends Error, Problem {
  problems: Problem[];
}

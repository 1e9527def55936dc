// What scripts are given and give. Made from the Rust types and the schema of a scenario:
// UPDATE=1 cargo test --test it types

export interface Delay {
  /** Always so long. Unit: ms. */
  constant_ms?: number;
  /** Always so long, before the other parts. Unit: ms. */
  base_ms?: number;
  /** Drawn uniformly from [lowest, highest]. */
  uniform_ms?: number[] | null;
  /** Drawn from an exponential distribution with this mean. Unit: ms. */
  exponential_ms?: number;
  /** Drawn from a log-normal distribution. */
  lognormal?: {
    /** Half of the delays are shorter. Unit: ms. */
    median_ms: number;
    /** Standard deviation of the delay's logarithm. */
    sigma: number;
  };
  /** Drawn from a Pareto distribution: rarely, but then very long. */
  pareto?: {
    /** The shortest delay. Unit: ms. */
    scale_ms: number;
    /** The exponent: the smaller, the longer the longest delays. */
    shape: number;
  };
  /** One of several delays, each drawn with its weight. */
  mixture?: WeightedDelay[];
}

export interface WeightedDelay {
  /** How often this delay is drawn, beside the other weights. */
  weight?: number;
  /** Always so long. Unit: ms. */
  constant_ms?: number;
  /** Always so long, before the other parts. Unit: ms. */
  base_ms?: number;
  /** Drawn uniformly from [lowest, highest]. */
  uniform_ms?: number[] | null;
  /** Drawn from an exponential distribution with this mean. Unit: ms. */
  exponential_ms?: number;
  /** Drawn from a log-normal distribution. */
  lognormal?: {
    /** Half of the delays are shorter. Unit: ms. */
    median_ms: number;
    /** Standard deviation of the delay's logarithm. */
    sigma: number;
  };
  /** Drawn from a Pareto distribution: rarely, but then very long. */
  pareto?: {
    /** The shortest delay. Unit: ms. */
    scale_ms: number;
    /** The exponent: the smaller, the longer the longest delays. */
    shape: number;
  };
  /** One of several delays, each drawn with its weight. */
  mixture?: WeightedDelay[];
}

/** A line of a script: what is done to the cluster, and when. */
export type ScriptLine =
  | {
    /** When it happens. Unit: ms. */
    at_ms: number;
    /** The machine loses power, and with it what was not flushed. */
    do: 'power-off';
    /** Which node, by name or role. */
    node: string;
  }
  | {
    /** When it happens. Unit: ms. */
    at_ms: number;
    /** Kill the process; its disk and what it handed to its links stay. */
    do: 'crash';
    /** Which node, by name or role. */
    node: string;
  }
  | {
    /** When it happens. Unit: ms. */
    at_ms: number;
    /** Stop the process with its connections open. */
    do: 'pause';
    /** Which node, by name or role. */
    node: string;
  }
  | {
    /** When it happens. Unit: ms. */
    at_ms: number;
    /** Let a paused process go on. */
    do: 'resume';
    /** Which node, by name or role. */
    node: string;
  }
  | {
    /** When it happens. Unit: ms. */
    at_ms: number;
    /** Start a crashed or powered-off node again. */
    do: 'restart';
    /** Which node, by name or role. */
    node: string;
  }
  | {
    /** When it happens. Unit: ms. */
    at_ms: number;
    /** An administrator promotes a node. */
    do: 'promote';
    /** Which node, by name or role. */
    node: string;
  }
  | {
    /** When it happens. Unit: ms. */
    at_ms: number;
    /** A node throws its data away and copies everything. */
    do: 'copy-afresh';
    /** Which node, by name or role. */
    node: string;
  }
  | {
    /** When it happens. Unit: ms. */
    at_ms: number;
    /** Cut every link of a node. */
    do: 'isolate';
    /** Which node, by name or role. */
    node: string;
    /** Whether its clients are cut off too. */
    clients?: boolean;
  }
  | {
    /** When it happens. Unit: ms. */
    at_ms: number;
    /** Cut a link. */
    do: 'cut';
    /** Where messages come from. */
    from: string;
    /** Where they go. */
    to: string;
    /** Whether the way back is cut too. */
    both?: boolean;
  }
  | {
    /** When it happens. Unit: ms. */
    at_ms: number;
    /** Mend what was cut between two nodes, both ways. */
    do: 'heal';
    /** Where messages come from. */
    from: string;
    /** Where they go. */
    to: string;
  }
  | {
    /** When it happens. Unit: ms. */
    at_ms: number;
    /** A new, empty node joins. */
    do: 'add-follower';
  }
  | {
    /** When it happens. Unit: ms. */
    at_ms: number;
    /** Every client falls silent. */
    do: 'quiet-clients';
    /** False: they go on. */
    quiet?: boolean;
  }
  | {
    /** When it happens. Unit: ms. */
    at_ms: number;
    /** Mend every link. */
    do: 'heal-all';
  }
  | {
    /** When it happens. Unit: ms. */
    at_ms: number;
    /** Flushes take many times as long. */
    do: 'slow-disk';
    /** Which node, by name or role. */
    node: string;
    /** How many times as long a flush takes; 1 is normal. Unit: times. */
    factor?: number;
  }
  | {
    /** When it happens. Unit: ms. */
    at_ms: number;
    /** The disk takes no more bytes. */
    do: 'full-disk';
    /** Which node, by name or role. */
    node: string;
    /** False: it takes bytes again. */
    full?: boolean;
  }
  | {
    /** When it happens. Unit: ms. */
    at_ms: number;
    /** From now on a link loses, doubles and delays. */
    do: 'disturb';
    /** Where messages come from. */
    from: string;
    /** Where they go. */
    to: string;
    /** Share that is lost. */
    loss?: number;
    /** Share that arrives twice. */
    duplicate?: number;
    /** Added delay. Unit: ms. */
    extra_ms?: number;
  }
  | {
    /** When it happens. Unit: ms. */
    at_ms: number;
    /** A node's clock is set. */
    do: 'skew-clock';
    /** Which node, by name or role. */
    node: string;
    /** How far it is ahead from now on; negative: behind. Unit: ms. */
    skew_ms?: number;
  }
  | {
    /** When it happens. Unit: ms. */
    at_ms: number;
    /** A node goes on receiving and confirming, and applies nothing. */
    do: 'pause-applying';
    /** Which node, by name or role. */
    node: string;
  }
  | {
    /** When it happens. Unit: ms. */
    at_ms: number;
    /** A node applies again. */
    do: 'resume-applying';
    /** Which node, by name or role. */
    node: string;
  }
  | {
    /** When it happens. Unit: ms. */
    at_ms: number;
    /** The run ends later, and clients whose time was over go on. */
    do: 'prolong';
    /** How much later. Unit: ms. */
    by_ms?: number;
  }
  | {
    /** When it happens. Unit: ms. */
    at_ms: number;
    /** A message in flight is lost. */
    do: 'drop-message';
    /** Which message, by the number of the event of its sending. */
    message: number;
  }
  | {
    /** When it happens. Unit: ms. */
    at_ms: number;
    /** A message arrives later. */
    do: 'delay-message';
    /** Which message, by the number of the event of its sending. */
    message: number;
    /** How much later. Unit: ms. */
    by_ms?: number;
  }
  | {
    /** When it happens. Unit: ms. */
    at_ms: number;
    /** A message in flight arrives twice. */
    do: 'duplicate-message';
    /** Which message, by the number of the event of its sending. */
    message: number;
    /** How much later. Unit: ms. */
    by_ms?: number;
  }
  | {
    /** When it happens. Unit: ms. */
    at_ms: number;
    /** A message in flight arrives now. */
    do: 'deliver-now';
    /** Which message, by the number of the event of its sending. */
    message: number;
  };

/** What can be done to a cluster: a line of a script without its time. */
export type Action =
  | {
    /** The machine loses power, and with it what was not flushed. */
    do: 'power-off';
    /** Which node, by name or role. */
    node: string;
  }
  | {
    /** Kill the process; its disk and what it handed to its links stay. */
    do: 'crash';
    /** Which node, by name or role. */
    node: string;
  }
  | {
    /** Stop the process with its connections open. */
    do: 'pause';
    /** Which node, by name or role. */
    node: string;
  }
  | {
    /** Let a paused process go on. */
    do: 'resume';
    /** Which node, by name or role. */
    node: string;
  }
  | {
    /** Start a crashed or powered-off node again. */
    do: 'restart';
    /** Which node, by name or role. */
    node: string;
  }
  | {
    /** An administrator promotes a node. */
    do: 'promote';
    /** Which node, by name or role. */
    node: string;
  }
  | {
    /** A node throws its data away and copies everything. */
    do: 'copy-afresh';
    /** Which node, by name or role. */
    node: string;
  }
  | {
    /** Cut every link of a node. */
    do: 'isolate';
    /** Which node, by name or role. */
    node: string;
    /** Whether its clients are cut off too. */
    clients?: boolean;
  }
  | {
    /** Cut a link. */
    do: 'cut';
    /** Where messages come from. */
    from: string;
    /** Where they go. */
    to: string;
    /** Whether the way back is cut too. */
    both?: boolean;
  }
  | {
    /** Mend what was cut between two nodes, both ways. */
    do: 'heal';
    /** Where messages come from. */
    from: string;
    /** Where they go. */
    to: string;
  }
  | {
    /** A new, empty node joins. */
    do: 'add-follower';
  }
  | {
    /** Every client falls silent. */
    do: 'quiet-clients';
    /** False: they go on. */
    quiet?: boolean;
  }
  | {
    /** Mend every link. */
    do: 'heal-all';
  }
  | {
    /** Flushes take many times as long. */
    do: 'slow-disk';
    /** Which node, by name or role. */
    node: string;
    /** How many times as long a flush takes; 1 is normal. Unit: times. */
    factor?: number;
  }
  | {
    /** The disk takes no more bytes. */
    do: 'full-disk';
    /** Which node, by name or role. */
    node: string;
    /** False: it takes bytes again. */
    full?: boolean;
  }
  | {
    /** From now on a link loses, doubles and delays. */
    do: 'disturb';
    /** Where messages come from. */
    from: string;
    /** Where they go. */
    to: string;
    /** Share that is lost. */
    loss?: number;
    /** Share that arrives twice. */
    duplicate?: number;
    /** Added delay. Unit: ms. */
    extra_ms?: number;
  }
  | {
    /** A node's clock is set. */
    do: 'skew-clock';
    /** Which node, by name or role. */
    node: string;
    /** How far it is ahead from now on; negative: behind. Unit: ms. */
    skew_ms?: number;
  }
  | {
    /** A node goes on receiving and confirming, and applies nothing. */
    do: 'pause-applying';
    /** Which node, by name or role. */
    node: string;
  }
  | {
    /** A node applies again. */
    do: 'resume-applying';
    /** Which node, by name or role. */
    node: string;
  }
  | {
    /** The run ends later, and clients whose time was over go on. */
    do: 'prolong';
    /** How much later. Unit: ms. */
    by_ms?: number;
  }
  | {
    /** A message in flight is lost. */
    do: 'drop-message';
    /** Which message, by the number of the event of its sending. */
    message: number;
  }
  | {
    /** A message arrives later. */
    do: 'delay-message';
    /** Which message, by the number of the event of its sending. */
    message: number;
    /** How much later. Unit: ms. */
    by_ms?: number;
  }
  | {
    /** A message in flight arrives twice. */
    do: 'duplicate-message';
    /** Which message, by the number of the event of its sending. */
    message: number;
    /** How much later. Unit: ms. */
    by_ms?: number;
  }
  | {
    /** A message in flight arrives now. */
    do: 'deliver-now';
    /** Which message, by the number of the event of its sending. */
    message: number;
  };

/** A scenario: a run as it is typed. Names are those of the file format. */
export interface Scenario {
  /** The version of this form of document. */
  format: number;
  /** The heading. */
  title?: string;
  /** The promises that it is about: what the page says of the run is green only while none of them is broken. None: all of them. */
  about?: ('acknowledged-writes-survive' | 'one-leader' | 'linearizable' | 'replicas-agree' | 'replicas-converge' | 'nothing-applied-twice' | 'failed-writes-stay-failed' | 'reads-are-fresh' | 'read-your-writes' | 'monotonic-reads' | 'consistent-prefix' | 'invariant-over-keys')[];
  /** Root of all chance: the same seed gives the same run. */
  seed?: number;
  /** When the run ends. Unit: ms. */
  until_ms?: number;
  /** The nodes and how they replicate: one form for each protocol. */
  cluster: {
    /** Nodes at the start; n1 leads, or is the first of the chain. Unit: nodes. */
    nodes?: number;
    /** One node takes all writes and ships its log to the others. */
    protocol: 'single-leader';
    /** The protocol's settings. */
    knobs?: {
      /** When a client is told that its write is saved. */
      acknowledge?: {
        /** Who must have a write before its client is told that it is saved: nobody else (async), some followers (semi-sync), every follower (sync). */
        mode?: 'async' | 'semi-sync' | 'sync';
        /** Semi-synchronous: how many followers, and which. */
        followers?: {
          /** So many followers, whichever confirm first. Unit: followers. */
          any?: number | null;
          /** The first so many of `priority` that are not given up. Unit: followers. */
          first?: number | null;
          /** With `first`: the order in which followers are chosen; those not named come last. */
          priority?: string[];
        };
        /** What a follower's confirmation means, and the leader's own. */
        on?: 'received' | 'flushed' | 'applied';
        /** What the leader does when nobody confirms: "block" waits for ever; degrade_after_ms goes on without them, and waits again once they are back. */
        when_silent?: 'block' | {
          /** How long the oldest write waits before the leader goes on without confirmations. Unit: ms. */
          degrade_after_ms: number;
        };
        /** A follower that is silent for so long is given up: another takes its place, or (sync) it is not waited for until it has caught up; null: never, as sync does if nothing is said. Unit: ms. */
        give_up_after_ms?: number | null;
        /** Sync with give_up_after_ms: while fewer nodes are in step than this, the leader included, writes are refused. Unit: nodes. */
        min_in_sync?: number;
      };
      /** What happens when the leader falls silent. */
      failover?: {
        /** How a dead leader is told from a living one. */
        detect?: {
          /** How long after its last heartbeat a follower takes the leader for dead; records that arrive do not count. With phi or freshness: until they have heard enough; a leader's lease lasts no longer either. Unit: ms. */
          timeout_ms?: number;
          /** Suspicion that accumulates: -log10 of how likely a heartbeat is to come later still, judged from the last ones; null: no. */
          phi?: {
            /** The phi at which the leader is taken for dead: at 8, one suspicion in a hundred million would be wrong if heartbeats went on coming as they did. */
            threshold?: number;
            /** How many of the last gaps between heartbeats are looked at. Unit: gaps. */
            window?: number;
            /** The deviation of the gaps is never taken to be smaller. Unit: ms. */
            min_deviation_ms?: number;
            /** How gaps are taken to be distributed. */
            gaps?: 'normal' | 'exponential';
          } | null;
          /** Each heartbeat vouches for the leader until the next was due and a while longer, whenever it arrived itself; null: no. */
          freshness?: {
            /** How much longer than until the next heartbeat is due. Unit: ms. */
            shift_ms?: number;
          } | null;
        };
        /** Majority promotion: the time without a heartbeat is drawn from this range instead, and so is the wait between two elections; null: from timeout_ms to half as much again. */
        election_timeout_ms?: number[] | null;
        /** How often a leader says that it is alive. Unit: ms. */
        heartbeat_ms?: number;
        /** Who decides on a new leader. */
        promote?: 'by-hand' | 'first-to-notice' | 'majority';
        /** Who becomes it: "most-up-to-date", or the first of a priority list that answers, however old its data. */
        choose?: 'most-up-to-date' | {
          /** Nodes in the order in which they are chosen; those not named come last. */
          priority: string[];
        };
        /** Whether nodes turn away a leader of an older epoch, and a leader that a majority no longer hears stops taking writes. */
        fencing?: boolean;
        /** Majority promotion: whether a node that takes the leader for dead asks first whether a majority would vote for it, and begins an epoch only then. Without, a node that was away comes back with a higher epoch and deposes a healthy leader. */
        pre_vote?: boolean;
        /** Majority promotion: whether a node that has heard a leader within timeout_ms votes for nobody else, and the leader yields to no candidate. Leases count on it. */
        leader_stickiness?: boolean;
        /** What becomes of records that a new leader had received and not applied yet. */
        unapplied?: 'apply' | 'discard';
        /** What becomes of an old leader that comes back with a log of its own. */
        returning?: 'rewind' | 'refuse' | 'trust';
      };
      /** How much of the log is kept for followers that lag. */
      retention?: {
        /** Records kept behind the end of the log; null: all. Unit: records. */
        records?: number | null;
        /** Whether what a known follower has not confirmed is kept as well. */
        slots?: boolean;
        /** A slot keeps at most so many records; null: no limit. Unit: records. */
        slot_limit_records?: number | null;
      };
      /** How log records are shipped. */
      shipping?: {
        /** Records in one message, at most. Unit: records. */
        batch_records?: number;
        /** Records on their way to one follower without a confirmation, at most. Unit: records. */
        window_records?: number;
      };
      /** How a follower that lacks too much is copied. */
      catch_up?: {
        /** Whether the leader sends a snapshot by itself when its log no longer reaches back far enough. */
        automatic?: boolean;
        /** What is copied. */
        method?: 'snapshot' | 'copy-files';
        /** Copying files: keys in one page. Unit: keys. */
        page_keys?: number;
        /** Copying files: the pause after each page. Unit: ms. */
        page_pause_ms?: number;
        /** Pace of a snapshot. Unit: bytes/s. */
        bandwidth_bytes_per_s?: number;
        /** Length of one piece of a snapshot. Unit: bytes. */
        piece_bytes?: number;
      };
    };
  } | {
    /** Nodes at the start; n1 leads, or is the first of the chain. Unit: nodes. */
    nodes?: number;
    /** Writes enter at the head of a row of nodes; its tail acknowledges them and answers reads. */
    protocol: 'chain';
    /** The protocol's settings. */
    knobs?: {
      /** How writes pass through the nodes, and who answers reads. */
      variant?: 'chain' | 'craq' | 'primary-backup' | 'weak';
      /** How the configuration service tells a dead node from a living one. */
      detect?: {
        /** Silence after which the service takes a node out of the chain. Unit: ms. */
        timeout_ms?: number;
        /** How often a node tells the service that it is alive. Unit: ms. */
        heartbeat_ms?: number;
      };
      /** Whether a node that no longer hears the configuration service stops answering reads: it may have been replaced. */
      fencing?: boolean;
      /** How much of the log is kept. */
      retention?: {
        /** Records kept behind the end of the log for nodes that come back; null: all. Unit: records. */
        records?: number | null;
      };
      /** How a node that lacks too much is copied. */
      catch_up?: {
        /** Pace of a snapshot. Unit: bytes/s. */
        bandwidth_bytes_per_s?: number;
        /** Length of one piece of a snapshot. Unit: bytes. */
        piece_bytes?: number;
      };
    };
  } | {
    /** Nodes at the start; n1 leads, or is the first of the chain. Unit: nodes. */
    nodes?: number;
    /** Several leaders take writes and tell each other afterwards; conflicts are resolved. */
    protocol: 'multi-leader';
    /** The protocol's settings. */
    knobs?: {
      /** What becomes of two writes of a key of which neither had seen the other. */
      resolve?: 'last-write-wins' | 'siblings' | 'merge';
      /** What a key is, where writes are merged. */
      data?: 'counter' | 'set' | 'text';
      /** What a write counts as having seen of its key: that it replaces, all else it stands beside, or where the last write wins overwrites unseen. */
      context?: 'client' | 'server';
      /** How many of the nodes lead; each other node follows one of them. Unit: leaders. */
      leaders?: number;
      /** Which leader sends what it wrote or heard to which. */
      topology?: 'all-to-all' | 'ring' | 'star';
      /** Whether version vectors hold back a write until all that its leader had taken in is here. */
      causality?: boolean;
      /** Whether the first attempt of a write is passed to the home leader of its key. */
      home_leader?: boolean;
      /** How often a node asks for what it missed; null: only when it starts. Unit: ms. */
      resync_ms?: number | null;
    };
  } | {
    /** Nodes at the start; n1 leads, or is the first of the chain. Unit: nodes. */
    nodes?: number;
    /** Any node takes a write; W of N must have it, R of N are asked for a read. */
    protocol: 'leaderless';
    /** The protocol's settings. */
    knobs?: {
      /** How many nodes hold each key; all if there are fewer. Unit: nodes. */
      n?: number;
      /** How many must answer a read. Unit: nodes. */
      r?: number;
      /** How many must have a write on their disks. Unit: nodes. */
      w?: number;
      /** What is kept where two versions of a key are concurrent. */
      versions?: 'siblings' | 'last-write-wins';
      /** What a write counts as having seen of its key: that it replaces, all else it stands beside, or where the last write wins overwrites unseen. */
      context?: 'client' | 'server';
      /** What becomes of a replica that answers a read with an older version. */
      read_repair?: 'off' | 'asynchronous' | 'blocking';
      /** Whether a version is kept for a replica that does not answer, and handed over later. */
      hinted_handoff?: boolean;
      /** Whether the next nodes on the ring stand in for silent replicas and count. */
      sloppy?: boolean;
      /** How often each node compares hash trees with another; null: never. */
      anti_entropy?: {
        /** The time. Unit: ms. */
        every_ms?: number;
      } | null;
      /** How long a node keeps the mark of a deletion; null: for ever. */
      tombstones?: {
        /** The time. Unit: ms. */
        keep_ms?: number;
      } | null;
      /** After so long a coordinator answers that too few replicas took part. Unit: ms. */
      timeout_ms?: number;
      /** After so long a silent replica is done without; null: never. Unit: ms. */
      suspect_after_ms?: number | null;
      /** Whom a coordinator asks. */
      ask?: 'all' | 'quorum';
      /** At how many points of the ring of keys each node stands. Unit: points. */
      points?: number;
      /** The ways between coordinator and replicas, if not those of the links: the coordinator is then a process of its own; null: as the links. */
      legs?: {
        /** A delay, or a list with one for each replica. */
        write?: Delay | Delay[];
        /** A delay, or a list with one for each replica. */
        ack?: Delay | Delay[];
        /** A delay, or a list with one for each replica. */
        read?: Delay | Delay[];
        /** A delay, or a list with one for each replica. */
        response?: Delay | Delay[];
        /** Added to each between two nodes. Unit: ms. */
        remote_ms?: number;
      } | null;
    };
  };
  /** The links. */
  network?: {
    /** How long a message is on its way. */
    delay?: Delay;
    /** The share of messages that are lost. */
    loss?: number;
    /** The share of messages that arrive twice. */
    duplicate?: number;
    /** How much a link carries; null: as much as is sent. Unit: bytes/s. */
    bandwidth_bytes_per_s?: number | null;
    /** What link and receiver hold for a receiver that does not read; more stays with the sender. Unit: bytes. */
    buffer_bytes?: number;
    /** Whether messages arrive in the order sent, as over one connection. */
    ordered?: boolean;
    /** The way between a client and a node, each direction; null: as `delay`. */
    clients_delay?: Delay | null;
    /** Links that differ from the others, one direction each; what is left out is as above. */
    links?: ({
      /** Where its messages come from. */
      from: string;
      /** Where they go. */
      to: string;
      /** How long a message is on its way. */
      delay?: Delay;
      /** The share of messages that are lost. */
      loss?: number;
      /** The share of messages that arrive twice. */
      duplicate?: number;
      /** How much a link carries; null: as much as is sent. Unit: bytes/s. */
      bandwidth_bytes_per_s?: number | null;
      /** What link and receiver hold for a receiver that does not read; more stays with the sender. Unit: bytes. */
      buffer_bytes?: number;
      /** Whether messages arrive in the order sent, as over one connection. */
      ordered?: boolean;
    })[];
  };
  /** Nodes whose clocks are wrong; all others are right. */
  clocks?: {
    /** Whose clock. */
    node: string;
    /** How far it is ahead at the start; negative: behind. Unit: ms. */
    skew_ms?: number;
    /** Microseconds that it gains in a second; negative: that it loses. The node's timers, timeouts and leases run at that pace. Unit: ppm. */
    drift_ppm?: number;
  }[];
  /** Every node's disk. */
  disk?: {
    /** How long it takes until what was written is safe from a power outage. */
    flush?: Delay;
    /** How much fits on each disk; null: no limit. Unit: bytes. */
    capacity_bytes?: number | null;
  };
  /** What a node's processor takes, and its applier. */
  service?: {
    /** What a node's one processor takes to answer a read. Unit: ms. */
    read_ms?: number;
    /** What it takes to take a write. Unit: ms. */
    write_ms?: number;
    /** What it takes to take in one record that another node sends. Unit: ms. */
    replicate_ms?: number;
    /** What a node's applier takes for one record that another node sent, beside everything else that the node does: milliseconds, or a delay. Readers of the node see the record then. */
    apply_ms?: number | Delay;
    /** Nodes whose appliers differ. */
    appliers?: ({
      /** Whose applier. */
      node: string;
      /** What it takes for one record, also for those that the node writes itself where it leads a log: milliseconds, or a delay; null: as the others. */
      apply_ms?: number | Delay | null;
      /** A record that another node sent is applied no sooner than so long after it arrived: a delayed standby. Unit: ms. */
      delayed_ms?: number;
    })[];
  };
  /** Groups of clients. */
  clients?: ({
    /** How many clients of this kind there are. Unit: clients. */
    count?: number;
    /** "open": requests come at random times whatever becomes of earlier ones; "closed": one request at a time. */
    loop?: 'open' | 'closed';
    /** Open loop: writes of each client per second. Unit: per s. */
    writes_per_s?: number;
    /** Open loop: reads of each client per second. Unit: per s. */
    reads_per_s?: number;
    /** Closed loop: the share of requests that are writes. */
    update_fraction?: number;
    /** Closed loop: pause between an answer and the next request. Unit: ms. */
    think_ms?: number;
    /** What its writes are. */
    workload?: 'writes' | 'transfers' | 'cas';
    /** Whom a client asks for reads: "leader"; "any" node, drawn each time; one "follower" or "follower:2", always the same. */
    read_from?: string;
    /** What a client does so that reads from followers do not surprise it. */
    session?: {
      /** With "read_from": "any": whether it stays with the first node drawn while that one answers. */
      sticky?: boolean;
      /** Whether it says how far it has seen: a follower that is not as far sends it to the leader. */
      remember_position?: boolean;
      /** Whether it reads keys that it has written itself from the leader. */
      own_writes_from_leader?: boolean;
    };
    /** How many keys there are; each is as likely as the others. Unit: keys. */
    keys?: number;
    /** How long a value is. Unit: bytes. */
    value_bytes?: number;
    /** How long a client waits for an answer; afterwards the outcome of this attempt is unknown. Unit: ms. */
    timeout_ms?: number;
    /** How a client tries again after silence or a refusal; null: never. */
    retry?: {
      /** Whether a retry carries the key of the first attempt; without it a write may happen twice. */
      idempotent?: boolean;
      /** Attempts in all; after the last the outcome stays unknown. Unit: attempts. */
      attempts?: number;
      /** Pause before asking again after a refusal. Unit: ms. */
      pause_ms?: number;
    } | null;
    /** When the clients begin. Unit: ms. */
    from_ms?: number | null;
    /** When they stop; null: with the run. Unit: ms. */
    until_ms?: number | null;
    /** The share of writes that take the value away. */
    deletes?: number;
    /** The node that they ask first; null: as the protocol directs. */
    node?: string | null;
    /** Whether they live on the machine of the node that they ask: no way between them. */
    at_leader?: boolean;
  })[];
  /** The first group of clients measures staleness: it writes once, reads what it wrote at these times after the acknowledgement, and does nothing else; null: it does not. */
  probe?: {
    /** How long after its acknowledgement the write is read: one read each. */
    read_after_ms?: number[];
    /** How often, one trial after the other. Unit: trials. */
    trials?: number;
    /** How long after the last read of a trial the next one begins. Unit: ms. */
    pause_ms?: number;
  } | null;
  /** What is done to the cluster, and when. */
  script?: ScriptLine[];
  /** Bounds on what is kept. */
  limits?: {
    /** Events kept in the trace; older ones are forgotten. Unit: events. */
    trace_events?: number;
    /** Operations in a run; clients fall silent afterwards. Unit: operations. */
    operations?: number;
    /** Messages and requests in flight; more are dropped. Unit: messages. */
    in_flight?: number;
  };
}

/** A scenario kept ready. */
export interface ScenarioEntry {
  /** Its name on the command line, in links and in the picker. */
  name: string;
  /** The heading. */
  title: string;
  /** One line about what it shows. */
  about: string;
  /** The name of its protocol. */
  protocol: string;
}

/** What readers are told about a protocol. */
export interface ProtocolEntry {
  /** Stable name in scenario files and on the command line. */
  id: string;
  /** Name in headings. */
  title: string;
  /** One sentence. */
  sentence: string;
  /** Where it is described. */
  source: string;
}

/** What is known of a kind of file. */
export interface ExportKind {
  /** Its name on the command line. */
  name: string;
  /** How its files end, without the dot. */
  extension: string;
  /** Its media type. */
  mediaType: string;
  /** One line for people. */
  about: string;
}

/** How far a call came. */
export interface Passed {
  /** The playhead. */
  nowMs: number;
  /** Happenings that happened. */
  happened: number;
  /** The budget was used up before the wanted time was reached: call again to go on. */
  exhausted: boolean;
}

/** How a run went until a condition. */
export interface Reached {
  /** Whether the condition came to hold. */
  reached: boolean;
  /** The playhead. */
  nowMs: number;
  /** Happenings that happened. */
  happened: number;
  /** The budget was used up before that, and before the limit: call again to go on. */
  exhausted: boolean;
  /** The event that was waited for, where it is one. */
  event: TraceEvent | null;
}

/** An event as a line of a trace. */
export interface TraceEvent {
  /** Its number. */
  event: number;
  /** When, in milliseconds. */
  atMs: number;
  /** The event that made it happen, if one. */
  cause: number | null;
  /** What sort of event: "sent", "powered-off". */
  sort: string;
  /** Who acted or sends: "n1", "c2". */
  from: string | null;
  /** To whom. */
  to: string | null;
  /** The client's operation that it belongs to. */
  operation: number | null;
  /** The sentence. */
  text: string;
}

/** Everything that a run came to. */
export interface Report {
  /** Version of the report's form. */
  format: number;
  /** Root of all randomness in the run. */
  seed: number;
  /** How far the run went. */
  simulatedMs: number;
  /** How many things happened. */
  events: number;
  /** Fingerprint of everything that happened, in order. */
  digest: string;
  /** What became of the writes. */
  writes: WriteCounts;
  /** Acknowledged writes that are gone. */
  lost: LostWrite[];
  /** Acknowledged writes that were dropped in favour of versions that had not seen them. */
  overwritten: OverwrittenWrite[];
  /** What became of the reads. */
  reads: ReadCounts;
  /** How fresh reads were so long after a write, where clients measured that. */
  staleness: Staleness[];
  /** How long answers took. */
  latencyMs: ByKind<Latency>;
  /** Answered operations per simulated second. */
  throughputPerS: ByKind<number>;
  /** Time in which somebody waited and nobody was served, in all outages. Ordinary waiting is none: what is shorter than the quickest answer and 250 ms together. Counted at the clients, from asking to being answered: a message's way to a node and one back longer than the time in which no node could have answered. */
  unavailableMs: ByKind<number>;
  /** Who was taken for dead. */
  suspicions: Suspicion[];
  /** Who followed whom as leader. */
  failovers: Failover[];
  /** Time in which two nodes accepted writes. */
  splitBrainMs: number;
  /** The most records of the leader's log that any running follower had not received at a time. */
  maxLag: number;
  /** The most that any had not applied: its readers did not see them. */
  maxApplyLag: number;
  /** Followers brought up to date. */
  catchUps: CatchUp[];
  /** Actions of the script that could not be done. */
  refused: RefusedAction[];
  /** Which promises were kept. */
  verdicts: ReportedVerdict[];
  /** The nodes at the end. */
  replicas: Replica[];
}

/** Counts of writes. */
export interface WriteCounts {
  /** Begun by clients. */
  invoked: number;
  /** Acknowledged, lost ones included. */
  acknowledged: number;
  /** Refused for good. */
  failed: number;
  /** Given up without an answer. */
  unknown: number;
  /** Acknowledged and gone. */
  lost: number;
  /** Acknowledged and dropped in favour of versions that had not seen them. */
  overwritten: number;
  /** Acknowledged, gone for a time, and there again. */
  cameBack: number;
  /** Failed or unknown, and held by some node: they may come back. */
  partial: number;
}

/** A lost write. */
export interface LostWrite {
  /** The operation's number. */
  operation: number;
  /** Its key. */
  key: string;
  /** Its value. */
  value: number;
  /** When its client was told that it is saved. */
  acknowledgedMs: number;
  /** The reason, in a sentence. */
  why: string;
  /** What kind of reason it is: `arrived-late`, `never-sent`, … */
  kind: string;
  /** Numbers of the events that the reason tells, in order. */
  events: number[];
}

/** A write that was overwritten unseen. */
export interface OverwrittenWrite {
  /** The operation's number. */
  operation: number;
  /** Its key. */
  key: string;
  /** Its value. */
  value: number;
  /** When its client was told that it is saved. */
  acknowledgedMs: number;
  /** The winner, by name. */
  by: string;
  /** The reason, in a sentence. */
  why: string;
  /** Numbers of the events that the reason tells: how the write was taken and acknowledged, and how the winner was taken. */
  events: number[];
}

/** Counts of reads. */
export interface ReadCounts {
  /** Answered. */
  total: number;
  /** Answered with something older than a write that was acknowledged before the read began, also if that write was lost later. */
  stale: number;
  /** Answered without a write of the same client. */
  ownWritesMissing: number;
  /** Answered with something older than the same client had seen. */
  backInTime: number;
  /** Answered without a write that stands before one that the same client had seen. */
  outOfOrder: number;
}

/** How fresh reads were that began so long after the acknowledgement of a write. */
export interface Staleness {
  /** So long after. */
  tMs: number;
  /** Those that showed the write. */
  fresh: number;
  /** All that were answered. */
  total: number;
  /** The share of those that showed it. */
  pFresh: number;
}

/** One figure for writes and one for reads. */
export interface ByKind<T> {
  write: T;
  read: T;
}

/** Percentiles; `None` if nothing was answered. */
export interface Latency {
  /** The median. */
  p50: number | null;
  /** 90 in 100. */
  p90: number | null;
  /** 99 in 100. */
  p99: number | null;
  /** 999 in 1,000. */
  p999: number | null;
  /** The longest. */
  max: number | null;
  /** The mean. */
  mean: number | null;
}

/** A suspicion. */
export interface Suspicion {
  /** When. */
  atMs: number;
  /** Who was suspected. */
  node: string;
  /** By whom. */
  by: string;
  /** Whether it was really down. */
  trueCrash: boolean;
  /** When it was heard from again, if it was. */
  trustedAgainMs: number | null;
}

/** A failover. */
export interface Failover {
  /** When the old leader crashed, lost power or was paused, if it did and was not back before anybody noticed. */
  diedMs: number | null;
  /** When it was first suspected in its reign, by whomever; none: by nobody. A node that alone does not hear it suspects it long before service stops, or without service ever stopping. */
  suspectedMs: number | null;
  /** When the old leader stopped leading by itself, because of what it heard or by order. */
  steppedDownMs: number | null;
  /** When service of writes stopped, as the clients saw it: when the first of them asked that was not served, or when the last one was served while others waited. None if no client went without service for 250 ms around the promotion. */
  serviceStoppedMs: number | null;
  /** When the new one began to lead. */
  promotedMs: number;
  /** When a client was told again that its write is saved; none if none was yet. */
  serviceResumedMs: number | null;
  /** From service stopped to service resumed: at the client, so a message's way to a node and one back longer than at the nodes. */
  timeToRecoverMs: number | null;
  /** How the new one came to lead: `ordered`, `elected`, `chosen` by the first that noticed, `configured` by the service, `restarted`, or `untold` if no event tells. */
  began: string;
  /** Who led before. */
  old: string;
  /** Who led then: the same one, if it was elected again. */
  new: string;
  /** The new reign. */
  epoch: number;
  /** Numbers of the events that this is told from. */
  events: number[];
}

/** A catch-up. */
export interface CatchUp {
  /** Who. */
  node: string;
  /** `log`, `snapshot` or `copy-files`. */
  method: string;
  /** When it began. */
  startedMs: number;
  /** The snapshot's position. */
  snapshotPosition: number | null;
  /** When it was done, if it was. */
  caughtUpMs: number | null;
  /** Bytes of the snapshot and of the records needed. */
  bytes: number;
}

/** An action that could not be done. */
export interface RefusedAction {
  /** When. */
  atMs: number;
  /** Its place in the script, counted from 0. */
  line: number;
  /** The node that it was for; none if there is no such node, or it was for a message. */
  node: string | null;
  /** The reason, in a sentence. */
  why: string;
  /** The event. */
  event: number;
}

/** A verdict. */
export interface ReportedVerdict {
  /** The promise's stable name. */
  promise: string;
  /** `holds`, `broken`, `not exercised`. */
  verdict: string;
  /** The reason, in a sentence; none if it holds. */
  why: string | null;
  /** The proof, if it is broken. */
  witness: Witness | null;
}

/** A proof. */
export interface Witness {
  /** Numbers of events. */
  events: number[];
  /** Operations by name. */
  operations: string[];
}

/** A node at the end. */
export interface Replica {
  /** Which. */
  node: string;
  /** What it is, in a word; none while its process does not run. */
  role: string | null;
  /** `up`, `paused`, `crashed`, `powered-off`. */
  up: string;
  /** The epoch that it believes in. */
  epoch: number | null;
  /** The log's end. */
  last: number | null;
  /** Durable up to here. */
  flushed: number | null;
  /** Committed up to here, as it believes. */
  committed: number | null;
  /** Applied up to here. */
  applied: number | null;
  /** Digest of its data. */
  stateDigest: string | null;
}

/** An operation as a line of a history. */
export interface Operation {
  /** Its number. */
  operation: number;
  /** Whose: "c2". */
  client: string;
  /** What was asked for. */
  sort: OperationSort;
  /** The key; of a transfer, the account that gives. */
  key: string;
  /** What was written or read; of a transfer, the amount. Nothing: never told, or nothing there. */
  value: number | null;
  /** When the client began it. */
  invokedMs: number;
  /** When it ended. */
  endedMs: number | null;
  /** How it ended. */
  outcome: Outcome;
  /** How often it was sent. */
  attempts: number;
  /** Who gave the answer that ended it: "n1". */
  node: string | null;
  /** Its name: "k7 = 91", "read k7". */
  text: string;
}

/** What a client asks for. */
export type OperationSort =
  /** To set a key to a value. */
  | 'write'
  /** To be told the value of a key. */
  | 'read'
  /** To move an amount between two accounts. */
  | 'transfer'
  /** To set a key to a value if it still has the one that was read. */
  | 'cas';

/** How an operation ended for its client. */
export type Outcome =
  /** It has not ended. */
  | 'pending'
  /** Done: a write is called saved, a read was told a value. */
  | 'ok'
  /** The client was told that it was not done. */
  | 'refused'
  /** The client does not know. */
  | 'unknown';

/** A branch: one future of the run. */
export interface Branch {
  /** Its place in the list. */
  index: number;
  /** Where it left another one; the first branch left none. */
  from: Fork | null;
  /** What was done to the cluster in it beyond the scenario's script. */
  actions: ScriptLine[];
  /** How far it is known. */
  knownMs: number;
  /** Whether it is the one being played. */
  current: boolean;
}

/** Where a branch left another. */
export interface Fork {
  /** Which one. */
  branch: number;
  /** When. */
  atMs: number;
}

/** Two runs side by side. */
export interface Comparison {
  /** Whether chance treats both alike. */
  sameSeed: boolean;
  /** Whether exactly the same happened in both so far. */
  identical: boolean;
  /** The first event in which they differ, up to the earlier of the two playheads. */
  difference: Difference | null;
  /** Whether a beginning was forgotten, in which an earlier difference may lie. */
  forgotten: boolean;
  /** What can be counted, side by side. */
  figures: Figure[];
  /** Which promises were kept, side by side. */
  verdicts: VerdictPair[];
  /** The report of the run that was asked. */
  mine: Report;
  /** The report of the other run. */
  theirs: Report;
}

/** The first event in which two runs differ. Where one of them has none, nothing more happened. */
export interface Difference {
  /** Its number. */
  event: number;
  /** When: the earlier of the two. */
  atMs: number;
  /** What happened in the run that was asked. */
  mine: TraceEvent | null;
  /** What happened in the other run. */
  theirs: TraceEvent | null;
}

/** One figure of both reports. */
export interface Figure {
  /** Where it stands in a report: "writes.lost". */
  name: string;
  /** Of the run that was asked; nothing if there is none. */
  mine: number | null;
  /** Of the other run. */
  theirs: number | null;
}

/** What became of one promise in both runs: "holds", "broken", "not exercised". */
export interface VerdictPair {
  /** The promise's stable name. */
  promise: string;
  /** In the run that was asked. */
  mine: string;
  /** In the other run. */
  theirs: string;
}

/** One large line about the promises, and a smaller one that says why. */
export interface Sentence {
  /** Parts of the large line, in order; joined with spaces. */
  parts: [Tone, string][];
  /** The second line. */
  why: string;
  /** What of it is a reason, and the events that it tells. */
  reasons: Reason[];
}

/** What something means to a reader; the page gives each tone a colour *and* a shape or word. */
export type Tone =
  /** Ordinary text. */
  | 'plain'
  /** Leadership. */
  | 'leader'
  /** A write on its way. */
  | 'write'
  /** Acknowledged, confirmed. */
  | 'good'
  /** Waiting, suspected, degraded. */
  | 'wait'
  /** Lost, broken. */
  | 'lost'
  /** Heartbeats, idle things, what is down. */
  | 'faint';

/** A reason, and the events that it is told from. */
export interface Reason {
  /** Its stable name: `arrived-late`, `elected`, `outage`, … */
  kind: string;
  /** Numbers of the events, in order. */
  events: number[];
}

/** The cluster at the playhead. */
export interface Stage {
  /** Every node. */
  nodes: NodeCard[];
  /** Links that are not simply whole, and all links between nodes that run. */
  links: LinkView[];
  /** The ring of keys, where not every node holds every key. */
  ring: KeyRing | null;
  /** Faces of the clients. */
  clients: ClientFace[];
  /** Nodes in the order in which writes pass through them; empty where there is no such order. */
  row: number[];
  /** The machine that runs the configuration service. */
  service: number | null;
  /** What the one large button does. */
  deed: Deed | null;
  /** What adding a node is called. */
  adds: string;
}

/** One node. */
export interface NodeCard {
  /** Its number, counted from zero. */
  node: number;
  /** `n1`. */
  name: string;
  /** "leader", "follower", "crashed", …: the role in a word. */
  word: string;
  /** How the card looks. */
  look: NodeLook;
  /** Its epoch (the last known one if it is down). */
  epoch: number;
  /** The end of its log as cells, oldest first; at most `CELLS`. */
  cells: Cell[];
  /** Positions; `None` while the process does not run. */
  positions: Positions | null;
  /** One line under the log when there is something to say ("86–88 never left this node"). */
  remark: string | null;
  /** A countdown, drawn as an emptying ring; suspicion that accumulates, as a filling one. */
  ring: Countdown | null;
  /** The suspicion in words, where it accumulates. */
  suspicion: string | null;
  /** A hash tree that it has just compared with another node's. */
  tree: HashTree | null;
  /** A snapshot being received: bytes so far, and in all. */
  snapshot: [number, number] | null;
  /** The pages that its data is being copied from, or was opened from. */
  pages: PageView[];
  /** Whether a write is acknowledged only after this node's confirmation, or after one of several, of which this is one. */
  synchronous: boolean;
  /** For whom "saved" waits, if for this node among others: "“saved” waits for n2 or n3". */
  awaited: string | null;
  /** What can be done to it now, in order of use. */
  offers: Offer[];
}

/** How a node's card looks. */
export type NodeLook =
  /** Leads. */
  | 'leader'
  /** Follows. */
  | 'follower'
  /** Asks for votes or surveys. */
  | 'candidate'
  /** Copies data. */
  | 'catching-up'
  /** Its log has parted. */
  | 'stranded'
  /** The last of a chain. */
  | 'tail'
  /** Not in the chain. */
  | 'outside'
  /** Runs the configuration service. */
  | 'service'
  /** Paused. */
  | 'paused'
  /** The process died. */
  | 'crashed'
  /** The machine has no power. */
  | 'powered-off';

/** One log record on a card. */
export interface Cell {
  /** Its position. */
  position: number;
  /** What it is. */
  look: CellLook;
  /** The operation that it carries out, to be inspected. */
  op: number | null;
  /** "86: k7 = 91, acknowledged, lost": for the tooltip and screen readers. */
  text: string;
}

/** The state of a record on a node. */
export type CellLook =
  /** Committed. */
  | 'committed'
  /** Flushed here, not yet committed. */
  | 'replicating'
  /** In memory, waiting for the flush. */
  | 'waiting'
  /** Acknowledged to a client and lost. */
  | 'lost'
  /** Parts from the leader's log, never acknowledged. */
  | 'parted'
  /** The mark that opens an epoch. */
  | 'epoch-mark';

/** Positions of a node's log. */
export interface Positions {
  /** The log's end. */
  last: number;
  /** Durable up to here. */
  flushed: number;
  /** Committed up to here. */
  committed: number;
  /** Applied up to here. */
  applied: number;
  /** The log was dropped up to here. */
  base: number;
}

/** A countdown, or a suspicion that accumulates. */
export interface Countdown {
  /** When it was armed. */
  armedMs: number;
  /** When it fires. */
  firesMs: number;
  /** What fires: "silence", "election", … */
  word: string;
  /** When it fired, if that was a moment ago. */
  firedMs: number | null;
}

/** A hash tree that was compared with another node's. */
export interface HashTree {
  /** With whom: `n2`. */
  with: string;
  /** Its levels from the root down; for each range, whether it differed. */
  levels: boolean[][];
  /** The same in words. */
  text: string;
}

/** One page of a copy of data files. */
export interface PageView {
  /** "p3". */
  name: string;
  /** "p3 @ 1,204": which, and the moment that it is of. */
  label: string;
  /** How far the leader stood when it was read. */
  at: number;
  /** How old it is: from 0, as new as the newest, to 4, the oldest. */
  age: number;
}

/** Something that a reader can do to a node, a link, a message or the cluster. */
export interface Offer {
  /** "Crash the process". */
  label: string;
  /** One line of help. */
  help: string;
  /** Its key when the thing is focused, if one. */
  key: string | null;
  /** What happens. */
  action: Action;
  /** Whether it breaks something (drawn as such). */
  breaks: boolean;
}

/** A link between two nodes: both directions. */
export interface LinkView {
  /** One end. */
  a: number;
  /** The other. */
  b: number;
  /** Whether the way from a to b is cut. */
  cutAb: boolean;
  /** Whether the way from b to a is cut. */
  cutBa: boolean;
  /** Whether it is disturbed (loses, delays). */
  disturbed: boolean;
  /** "n1 to n2: cut; n2 to n1: whole". */
  text: string;
}

/** The ring of keys, drawn where not every node holds every key. */
export interface KeyRing {
  /** Stretches of the ring in order: where each begins and ends, as shares of the whole ring, and the node at its end, which holds its keys first. */
  arcs: [number, number, number][];
  /** The same in words. */
  text: string;
}

/** A group of clients' face: what they were told last. */
export interface ClientFace {
  /** Its number, counted from zero. */
  client: number;
  /** `c1`. */
  name: string;
  /** The node that it talks to. */
  talksTo: number;
  /** "saved k7 = 91", "no answer, asking n2". */
  told: string;
  /** The same in few words and with whole numbers, for its face. */
  brief: string;
  /** How it feels. */
  tone: Tone;
}

/** What the one large button does: it breaks the most important node, or brings a dead one back. */
export interface Deed {
  /** What it says. */
  label: string;
  /** What happens. */
  action: Action;
  /** Whether it breaks something. */
  breaks: boolean;
}

/** A message in flight, as the page moves it: position is linear between the two times. */
export interface Chip {
  /** Names the message for actions: the number of the event of its sending. Client talk has ids too, but cannot be meddled with. */
  id: number;
  /** Where it comes from. */
  from: string;
  /** Where it goes. */
  to: string;
  /** When it left. */
  sentMs: number;
  /** When it arrives. */
  arrivesMs: number;
  /** What it is, for the look. */
  look: ChipLook;
  /** Short text on it: "91", "✓90"; empty for heartbeats. */
  label: string;
}

/** What a message is, for the look. */
export type ChipLook =
  /** A client's write, or log records. */
  | 'write'
  /** A confirmation, or a client being told "saved". */
  | 'good'
  /** A refusal. */
  | 'refused'
  /** A read or its answer. */
  | 'read'
  /** A heartbeat or its answer. */
  | 'beat'
  /** Votes, surveys, appointments, fences. */
  | 'election'
  /** Pieces of a snapshot and their confirmations, hellos. */
  | 'copy';

/** The fate of every write. */
export interface Ledger {
  /** Counts. */
  tally: Tally;
  /** The newest few, then the lost ones, then the rest, each newest first; at most `LEDGER_ROWS`. */
  rows: LedgerRow[];
  /** Lost or overwritten writes that are not among the rows. */
  moreLost: number;
}

/** Counts of the ledger. */
export interface Tally {
  /** Acknowledged, lost ones included. */
  acknowledged: number;
  /** Acknowledged and lost. */
  lost: number;
  /** Acknowledged and overwritten unseen, where data are versions per key. */
  overwritten: number;
  /** Not yet answered. */
  waiting: number;
  /** Ended without an answer. */
  unknown: number;
  /** Refused for good. */
  failed: number;
  /** Time in which no write was acknowledged though one was asked for. */
  blockedMs: number;
}

/** One write. */
export interface LedgerRow {
  /** The operation. */
  op: number;
  /** "k7 = 91". */
  what: string;
  /** "lost", "on n2, n3", "waiting for n2", "unknown". */
  fate: string;
  /** Its tone; the page adds a mark. */
  tone: Tone;
  /** The time to show. */
  atMs: number;
  /** The reason, under a lost or unknown one. */
  why: string | null;
  /** Its kind and the events that it tells, where it is told from events. */
  reason: Reason | null;
}

/** The space-time diagram over a window of time. */
export interface Timeline {
  /** Start of the window. */
  fromMs: number;
  /** End of the window. */
  toMs: number;
  /** The first lane is the clients', then one per node. */
  lanes: string[];
  /** Message lines between lanes. */
  lines: TimeLine[];
  /** Points: faults, time-outs, promotions. */
  marks: TimeMark[];
  /** Stretches: down, paused, silence, catching up, split brain. */
  bands: TimeBand[];
  /** The window's beginning was forgotten (trace bound). */
  forgotten: boolean;
  /** One in so many messages is drawn; 0 or 1: all of them. */
  oneIn: number;
}

/** A message as a line. */
export interface TimeLine {
  /** Lane of the sender. */
  from: number;
  /** Lane of the receiver. */
  to: number;
  /** Sent. */
  sentMs: number;
  /** Arrived, or lost at this time. */
  endMs: number;
  /** Its look. */
  look: ChipLook;
  /** It never arrived: drawn short, with a cross. */
  lost: boolean;
  /** The event of its sending. */
  event: number;
}

/** A point on a lane. */
export interface TimeMark {
  /** Which lane. */
  lane: number;
  /** When. */
  atMs: number;
  /** Its tone. */
  tone: Tone;
  /** Its shape. */
  shape: MarkShape;
  /** "n1 loses power", "time-out fires", "n2 leads, epoch 2". */
  label: string;
  /** Whether it is worth a label where room is short. */
  major: boolean;
  /** The event. */
  event: number;
}

/** The shape of a point. */
export type MarkShape =
  /** A fault. */
  | 'cross'
  /** A time-out that fired. */
  | 'bar'
  /** A promotion. */
  | 'crown'
  /** Anything else. */
  | 'dot';

/** A stretch on a lane. */
export interface TimeBand {
  /** Which lane. */
  lane: number;
  /** From. */
  fromMs: number;
  /** To; the window's end if it lasts. */
  toMs: number;
  /** Its tone. */
  tone: Tone;
  /** "down", "no heartbeat", "paused", "snapshot". */
  label: string;
}

/** The whole run on one axis, for the scrubber: what happened when, and how busy it was. */
export interface Overview {
  /** How far the run was computed. */
  knownMs: number;
  /** Its end. */
  untilMs: number;
  /** Major marks, as on the timeline. */
  marks: TimeMark[];
}

/** One promise and what became of it. */
export interface Verdict {
  /** The promise's stable name, as in reports: `acknowledged-writes-survive`. */
  id: string;
  /** "Acknowledged writes survive". */
  promise: string;
  /** "holds", "broken", "not exercised". */
  word: string;
  /** Good, Lost or Faint. */
  tone: Tone;
  /** The reason in a sentence. */
  why: string;
  /** An event to look at. */
  witness: number | null;
  /** The operations around an answer that fits no order. */
  bars: Bars | null;
}

/** The operations on a key around one answer. */
export interface Bars {
  /** The drawing in a sentence: "Operations on k7, 1.200 s to 1.450 s". */
  title: string;
  /** Its beginning. */
  fromMs: number;
  /** Its end. */
  toMs: number;
  /** A client each; "" for what the client above did at the same time. */
  lanes: string[];
  /** The operations, in the order of their beginnings. */
  bars: Bar[];
  /** What befell the cluster: when, and what. */
  faults: [number, string][];
  /** Operations in this time that are not drawn. */
  leftOut: number;
}

/** One operation. */
export interface Bar {
  /** Which lane. */
  lane: number;
  /** When it was asked for, or the drawing's beginning. */
  fromMs: number;
  /** When it was answered; the drawing's end if it was not. */
  toMs: number;
  /** What was written or read: "91"; "≠ 91" of a compare-and-set that found another value. */
  label: string;
  /** Whether it writes. */
  writes: boolean;
  /** Whether its outcome is unknown or not known yet. */
  open: boolean;
  /** What it has to do with the verdict. */
  part: BarPart;
  /** The operation. */
  op: number;
  /** "c2 was told k7 = 91, 1.203 s to 1.215 s". */
  text: string;
}

/** What an operation has to do with the verdict. */
export type BarPart =
  /** Its answer fits no order. */
  | 'bad'
  /** It wrote what was read, or what should have been. */
  | 'named'
  /** It happened beside. */
  | 'other';

/** What is selected, explained. */
export interface Inspector {
  /** "n2", "append 91 from n1 to n2", "write k7 = 91". */
  title: string;
  /** Label and value. */
  rows: [string, string][];
  /** Why: the chain of causes, the newest first. Of a write that is lost: the events that its reason tells. */
  causes: CauseStep[];
  /** The kind of its reason, and the events, where it has one that is told from events. */
  reason: Reason | null;
  /** What can be done to it. */
  offers: Offer[];
}

/** One step in a chain of causes. */
export interface CauseStep {
  /** When. */
  atMs: number;
  /** A sentence. */
  text: string;
  /** The event, to seek to. */
  event: number;
}

/** A line for the live region and the text log: one state change. */
export interface LogLine {
  /** When. */
  atMs: number;
  /** A sentence. */
  text: string;
  /** The event. */
  event: number;
  /** Its tone. */
  tone: Tone;
}

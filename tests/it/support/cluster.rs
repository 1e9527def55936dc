//! A running cluster in the words of tests: nodes by role, verbs, and waiting with a budget of
//! simulated time. What fails prints the reason, the nodes, the end of the trace, the seed and the
//! line that runs it again.

use replicarium::engine::base::{NodeId, OpId, SimTime, Span};
use replicarium::engine::observe::audit::Case;
use replicarium::engine::observe::{Operation, Recorder, Report, Verdict, WriteCounts};
use replicarium::engine::protocol::{NodeFacts, Promise};
use replicarium::engine::world::{Action, Event, NodeStatus, Run, fault};

pub use replicarium::engine::world::Target;

use super::tell;

/// A node by its name: `n(1)` is n1.
pub fn n(number: u8) -> Target {
    Target::Node(NodeId(number - 1))
}

/// A cluster that runs.
pub struct Cluster {
    run: Box<dyn Run<Recorder>>,
    what: String,
}

impl Cluster {
    /// Starts the cluster that a scenario document describes.
    #[track_caller]
    pub fn scenario(document: &str) -> Self {
        match replicarium::protocols::read(document) {
            Ok(scenario) => Self { run: scenario.run(), what: String::new() },
            Err(problems) => {
                let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
                panic!("{}\n{document}", problems.join("\n"))
            }
        }
    }

    /// The run.
    pub fn run(&self) -> &dyn Run<Recorder> {
        &*self.run
    }

    /// The present.
    pub fn now(&self) -> SimTime {
        self.run.now()
    }

    /// Lets time pass.
    pub fn wait(&mut self, millis: u64) -> &mut Self {
        let to = self.now() + Span::from_millis(millis);
        self.run.advance(to, u32::MAX);
        self
    }

    /// Lets time pass until this instant.
    pub fn wait_until(&mut self, millis: u64) -> &mut Self {
        self.run.advance(SimTime::from_millis(millis), u32::MAX);
        self
    }

    /// Lets things happen until `holds`; fails after so much simulated time.
    #[track_caller]
    pub fn until(
        &mut self,
        budget_ms: u64,
        what: &str,
        holds: impl Fn(&Self) -> bool,
    ) -> &mut Self {
        let end = self.now() + Span::from_millis(budget_ms);
        while !holds(self) {
            if !self.run.step(end) {
                self.fail(&format!("not within {budget_ms} ms: {what}"));
            }
        }
        self
    }

    /// Lets things happen until this many writes were acknowledged in all.
    #[track_caller]
    pub fn until_acknowledged(&mut self, writes: u32) -> &mut Self {
        let what = format!("{writes} writes acknowledged");
        self.until(600_000, &what, |t| t.run.observer().ledger().counts().acknowledged >= writes)
    }

    /// Does something now; it must be possible.
    #[track_caller]
    pub fn act(&mut self, action: Action) -> &mut Self {
        let before = self.run.observer().trace().len();
        self.run.act(action);
        let refused = |event: Event| {
            matches!(event.what, replicarium::engine::world::What::ActionRefused { .. })
        };
        let since = replicarium::engine::base::EventId(before + 1);
        if self.run.observer().trace().from_event(since).any(refused) {
            self.fail(&format!("refused: {action:?}"));
        }
        self
    }

    #[track_caller]
    pub fn crash(&mut self, node: Target) -> &mut Self {
        self.act(fault::crash(node))
    }

    #[track_caller]
    pub fn power_off(&mut self, node: Target) -> &mut Self {
        self.act(fault::power_off(node))
    }

    #[track_caller]
    pub fn freeze(&mut self, node: Target) -> &mut Self {
        self.act(fault::pause(node))
    }

    #[track_caller]
    pub fn restart(&mut self, node: Target) -> &mut Self {
        self.act(fault::restart(node))
    }

    /// Cuts the link between two nodes, both ways.
    #[track_caller]
    pub fn cut(&mut self, from: Target, to: Target) -> &mut Self {
        self.act(fault::cut(from, to, true))
    }

    #[track_caller]
    pub fn heal_all(&mut self) -> &mut Self {
        self.act(fault::heal_all())
    }

    #[track_caller]
    pub fn promote(&mut self, node: Target) -> &mut Self {
        self.act(fault::promote(node))
    }

    #[track_caller]
    pub fn copy_afresh(&mut self, node: Target) -> &mut Self {
        self.act(fault::copy_afresh(node))
    }

    /// The clients fall silent.
    #[track_caller]
    pub fn hush(&mut self) -> &mut Self {
        self.act(fault::quiet_clients(true))
    }

    /// The clients go on.
    #[track_caller]
    pub fn speak(&mut self) -> &mut Self {
        self.act(fault::quiet_clients(false))
    }

    /// The node that a target means now.
    #[track_caller]
    pub fn node(&self, target: Target) -> NodeId {
        self.run.resolve(target).unwrap_or_else(|| self.fail(&format!("nobody is {target:?}")))
    }

    /// The facts of a running node.
    #[track_caller]
    pub fn facts(&self, target: Target) -> NodeFacts {
        let node = self.node(target);
        let facts = self.run.view().nodes.facts(node);
        facts.unwrap_or_else(|| self.fail(&format!("{node} does not run")))
    }

    /// Whether its process runs and is not paused.
    pub fn is_up(&self, target: Target) -> bool {
        self.run.view().nodes.status(self.node(target)) == NodeStatus::Up
    }

    /// Whether the log of a running node holds the record of this write.
    pub fn holds(&self, target: Target, op: OpId) -> bool {
        let (view, node) = (self.run.view(), self.node(target));
        let Some(facts) = view.nodes.facts(node) else { return false };
        let mut at = view.nodes.record_at(node, facts.last);
        while let Some(record) = at.and_then(|at| view.records.get(at)) {
            if record.op == op {
                return true;
            }
            at = Some(record.parent);
        }
        false
    }

    /// The data that a reader of this node would see.
    pub fn data(&self, target: Target) -> Option<u64> {
        self.run.view().nodes.state_digest(self.node(target))
    }

    /// How many writes met which fate, judged now.
    pub fn writes(&self) -> WriteCounts {
        self.case().recorder.ledger().counts()
    }

    /// The report, as of now.
    pub fn report(&self) -> Report {
        Report::new(&self.case(), self.run.seed())
    }

    fn case(&self) -> Case<'_> {
        Case::new(self.run.observer(), self.run.view(), self.now())
    }

    /// What became of a promise so far.
    pub fn verdict(&self, promise: Promise) -> Verdict {
        self.case().verdict(promise).expect("every promise has an audit")
    }

    /// An operation.
    pub fn operation(&self, op: OpId) -> Operation {
        *self.run.observer().history().get(op).expect("it was begun")
    }

    /// The next write that a client begins.
    #[track_caller]
    pub fn next_write(&mut self) -> OpId {
        self.next(Operation::is_write, "a client writes")
    }

    /// The next read that a client begins.
    #[track_caller]
    pub fn next_read(&mut self) -> OpId {
        self.next(|operation| !operation.is_write(), "a client reads")
    }

    #[track_caller]
    fn next(&mut self, wanted: impl Fn(&Operation) -> bool, what: &str) -> OpId {
        let from = OpId(self.run.observer().history().len());
        let find = |t: &Self| {
            let mut later = t.run.observer().history().iter_from(from);
            later.find(|(_, operation)| wanted(operation)).map(|(op, _)| op)
        };
        self.until(60_000, what, |t| find(t).is_some());
        find(self).expect("it was just found")
    }

    /// Waits for the write's acknowledgement and says how many milliseconds it took.
    #[track_caller]
    pub fn returns(&mut self, op: OpId, budget_ms: u64) -> f64 {
        self.until(budget_ms, "the write returns", |t| t.operation(op).is_acknowledged());
        let operation = self.operation(op);
        operation.ended.since(operation.invoked).as_millis_f64()
    }

    /// The write is not answered in so much time.
    #[track_caller]
    pub fn blocks(&mut self, op: OpId, millis: u64) -> &mut Self {
        self.wait(millis);
        let operation = self.operation(op);
        if operation.ended != SimTime::NEVER {
            self.fail(&format!("the write does not block: {operation:?}"));
        }
        self
    }

    /// Fails with everything that helps to find out why.
    #[track_caller]
    pub fn fail(&self, reason: &str) -> ! {
        let (run, seed) = (self.run(), self.run.seed());
        let test = std::thread::current().name().unwrap_or("?").to_owned();
        let link = if self.what.is_empty() {
            String::new()
        } else {
            format!("\nlink:  #scenario={}&seed={seed}", self.what)
        };
        panic!(
            "{reason}\nat {} with seed {seed}\n\n{}\n\nmilestones:\n{}\n\nthe last events:\n{}\n\n\
             again: cargo test --test it {test} -- --exact --nocapture{link}",
            replicarium::view::number::clock(self.now()),
            tell::nodes(run),
            tell::milestones(run),
            tell::tail(run, 40),
        );
    }

    /// Fails with `reason` unless `holds`.
    #[track_caller]
    pub fn demand(&self, holds: bool, reason: &str) {
        if !holds {
            self.fail(reason);
        }
    }
}

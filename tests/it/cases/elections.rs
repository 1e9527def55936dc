//! Who may disturb a leader, who rejoins, whose clock says when.

//! A chain under load on a perfect network.

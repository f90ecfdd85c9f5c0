package jmergekit.hub;

import jmergekit.problem.Problems;

/// A request for a model.
///
/// @param where the name of the model in messages
/// @param problems receives warnings
record Lookup(
        RepoId id,
        Revision revision,
        RepoCache cache,
        DownloadScope scope,
        String where,
        Problems problems) {}

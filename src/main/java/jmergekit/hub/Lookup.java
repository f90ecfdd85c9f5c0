package jmergekit.hub;

import jmergekit.problem.Problems;

/// A model that is asked for.
///
/// @param where what messages call it
/// @param problems hears of what is odd and no reason to stop
record Lookup(
        RepoId id,
        Revision revision,
        RepoCache cache,
        DownloadScope scope,
        String where,
        Problems problems) {}

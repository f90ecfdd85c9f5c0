package jmergekit.hub;

import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;

/// Where an upload goes.
///
/// @param id with the name of an organisation or a user
/// @param isPrivate applies to a new repository
/// @param branch created if it does not exist yet
/// @param message the message of the commit
public record UploadTarget(RepoId id, boolean isPrivate, String branch, String message) {
    public static final String MAIN = Revision.MAIN.text();

    /// @throws MergeException if the branch's name is invalid
    public UploadTarget {
        if (Revision.of(branch).isEmpty()) {
            throw new MergeException(
                    Problem.usage("--revision", "not a valid name of a branch")
                            .found("'" + branch + "'"));
        }
    }

    boolean isMain() {
        return branch.equals(MAIN);
    }

    /// The path of the hub's API for an action on the branch.
    String path(String action) {
        return "/api/models/%s/%s/%s".formatted(id, action, new Revision(branch).encoded());
    }

    /// The name of a file in messages.
    String where(UploadFile file) {
        return id + "/" + file.path();
    }
}

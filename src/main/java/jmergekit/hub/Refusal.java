package jmergekit.hub;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLException;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;

/// Explains to users why the hub refused a request.
final class Refusal {
    private static final String LOG_IN =
            "set HF_TOKEN to your access token, or log in with 'hf auth login'";
    private static final String BAD_TOKEN = "Invalid credentials in Authorization header";

    private Refusal() {}

    /// @param response one that is not a success
    static MergeException of(HubResponse response, boolean hasToken) {
        String where = response.request().where();
        String code = response.header("X-Error-Code").orElse("");
        Optional<String> said = response.header("X-Error-Message").filter(m -> !m.isBlank());
        Problem problem =
                switch (code) {
                    case "GatedRepo" -> gated(response.request(), hasToken);
                    case "RevisionNotFound" ->
                            Problem.input(where, "the repository has no such revision")
                                    .hint("'@' is followed by a branch, a tag or a commit");
                    case "EntryNotFound" -> Problem.input(where, "the repository has no such file");
                    case "RepoNotFound" -> missing(where, hasToken);
                    default -> byStatus(response, said, hasToken);
                };
        return new MergeException(problem);
    }

    private static Problem byStatus(HubResponse response, Optional<String> said, boolean hasToken) {
        String where = response.request().where();
        int status = response.status();
        if (status == 401 && said.equals(Optional.of(BAD_TOKEN))) {
            return Problem.input(where, "the hub does not accept your access token")
                    .hint("check HF_TOKEN, or log in again with 'hf auth login'");
        }
        if (status == 401 || status == 404) {
            return missing(where, hasToken);
        }
        String what =
                status == 403
                        ? "the hub does not allow this"
                        : "the server at %s refused the request"
                                .formatted(response.address().getAuthority());
        Problem problem = Problem.input(where, what).found(text(status, said, response));
        return status == 403
                ? problem.hint(hasToken ? "your access token may lack the permission" : LOG_IN)
                : problem;
    }

    private static String text(int status, Optional<String> said, HubResponse response) {
        String message = said.orElseGet(() -> response.message().strip());
        return "HTTP " + status + (message.isEmpty() ? "" : ": " + message);
    }

    // The hub does not distinguish a private model from a missing one for users who may not see it.
    private static Problem missing(String where, boolean hasToken) {
        return Problem.input(where, "the hub has no such model, or you may not see it")
                .hint(
                        hasToken
                                ? "check the name, and whether your access token can read it"
                                : "check the name; for a private model, " + LOG_IN);
    }

    private static Problem gated(HubRequest request, boolean hasToken) {
        String page =
                request.address()
                        .toString()
                        .replaceFirst("/resolve/.*", "")
                        .replaceFirst("/api/models/([^/]+/[^/]+).*", "/$1");
        String ask = "request access at " + page;
        return Problem.input(
                        request.where(), "a gated model: its owners must grant you access first")
                .hint(hasToken ? ask : ask + ", then " + LOG_IN);
    }

    /// The error after the last attempt.
    ///
    /// @param wait how long the next attempt would have had to wait
    static MergeException gaveUp(String where, IOException failure, Duration wait) {
        Problem problem;
        if (failure instanceof BusyException busy) {
            boolean limited = busy.status() == BusyException.TOO_MANY_REQUESTS;
            problem =
                    Problem.input(
                                    where,
                                    limited
                                            ? "the hub gets too many requests from you"
                                            : "the hub cannot answer now")
                            .found(reason(failure))
                            .hint(
                                    busy.waitTime().isPresent()
                                            ? "try again in %d s".formatted(wait.toSeconds())
                                            : "try again later");
        } else {
            problem =
                    Problem.input(
                                    where,
                                    failure instanceof ConnectException
                                                    || failure instanceof SSLException
                                            ? "the hub cannot be reached"
                                            : "the connection to the hub failed")
                            .found(reason(failure))
                            .hint(hint(failure));
        }
        return new MergeException(problem, failure);
    }

    private static String hint(IOException failure) {
        return failure instanceof SSLException
                ? "if a proxy signs connections with its own certificate, name a trust store that"
                        + " contains it in JMERGEKIT_OPTS: -Djavax.net.ssl.trustStore=FILE"
                : "check the connection, HF_ENDPOINT and HTTPS_PROXY, and try again: what has been"
                        + " transferred is kept";
    }

    static String reason(IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException
                    || cause instanceof UnknownHostException) {
                return "no such host";
            }
        }
        String message = failure.getMessage();
        if (message != null && !message.isBlank()) {
            return message;
        }
        return failure instanceof ConnectException
                ? "no connection"
                : failure.getClass().getSimpleName();
    }
}

package jmergekit.s3;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import jmergekit.problem.ExitCode;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;

/// Explains to users why a store refused a request.
///
/// @param server the name of the store in messages
/// @param side whether the input or the output fails
record StoreRefusal(String server, ExitCode side) {
    private static final String CHECK_KEYS =
            "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the profile that AWS_PROFILE"
                    + " names";
    private static final int LONGEST_SAID = 200;

    MergeException of(ObjectPath where, SdkException failure) {
        Problem problem =
                failure instanceof AwsServiceException refused
                        ? refused(where, refused)
                        : failed(where, failure);
        return new MergeException(problem, failure);
    }

    /// The error for a connection that broke again and again.
    MergeException cut(ObjectPath where, IOException failure) {
        return new MergeException(unreachable(where, failure), failure);
    }

    MergeException changed(ObjectPath where) {
        return new MergeException(
                problem(where, "changed after its header was read")
                        .hint("run again when nothing writes to it"));
    }

    /// The error for a response that is invalid for a store.
    MergeException wrong(ObjectPath where, String found) {
        return new MergeException(
                problem(where, "the store's response does not match the request")
                        .found(said(found))
                        .hint("check AWS_ENDPOINT_URL"));
    }

    Problem problem(ObjectPath where, String what) {
        return side == ExitCode.OUTPUT
                ? Problem.output(where.toString(), what)
                : Problem.input(where.toString(), what);
    }

    private Problem refused(ObjectPath where, AwsServiceException refused) {
        String code =
                refused.awsErrorDetails() == null || refused.awsErrorDetails().errorCode() == null
                        ? ""
                        : refused.awsErrorDetails().errorCode();
        return switch (code) {
            case "NoSuchBucket" ->
                    problem(new ObjectPath(where.bucket(), ""), "there is no such bucket")
                            .found("no '%s' at %s".formatted(where.bucket(), server))
                            .hint(
                                    "check its name, and AWS_ENDPOINT_URL if the store is not"
                                            + " Amazon's");
            case "NoSuchKey" -> problem(where, "there is no such object");
            case "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken" ->
                    problem(where, "the store does not accept your credentials")
                            .found(code)
                            .hint(CHECK_KEYS);
            case "RequestTimeTooSkewed" ->
                    problem(where, "the store does not accept the time of this machine's clock")
                            .hint("set the clock");
            case "SlowDown", "TooManyRequests", "ThrottlingException", "RequestLimitExceeded" ->
                    problem(where, "the store is receiving too many requests")
                            .found(code)
                            .hint("try again later");
            default -> byStatus(where, refused, code);
        };
    }

    private Problem byStatus(ObjectPath where, AwsServiceException refused, String code) {
        String found =
                "HTTP %d%s"
                        .formatted(refused.statusCode(), code.isEmpty() ? "" : ": " + said(code));
        return switch (refused.statusCode()) {
            case 401, 403 ->
                    problem(where, "the store does not allow this")
                            .found(found)
                            .hint("your credentials may lack the permission; " + CHECK_KEYS);
            case 404 -> problem(where, "there is no such object").found(found);
            case 301, 307, 400 ->
                    problem(where, "the store refused the request")
                            .found(found)
                            .hint("check AWS_REGION and AWS_ENDPOINT_URL");
            case 429, 500, 502, 503, 504 ->
                    problem(where, "the store cannot answer now")
                            .found(found)
                            .hint("try again later");
            default -> problem(where, "the store refused the request").found(found);
        };
    }

    // The text comes from an external server.
    private static String said(String text) {
        return text.length() > LONGEST_SAID ? text.substring(0, LONGEST_SAID) + "…" : text;
    }

    private Problem failed(ObjectPath where, SdkException failure) {
        if (failure instanceof AbortedException || Thread.currentThread().isInterrupted()) {
            return problem(where, "interrupted");
        }
        Optional<IOException> cause = ioCause(failure);
        if (cause.isPresent()) {
            return unreachable(where, cause.get());
        }
        String said = String.valueOf(failure.getMessage());
        if (said.contains("credentials")) {
            return problem(where, "no credentials for the store were found")
                    .hint(
                            "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, name a profile in"
                                    + " AWS_PROFILE, or set AWS_NO_SIGN_REQUEST=YES for a public"
                                    + " bucket");
        }
        if (said.contains("region")) {
            return problem(where, "the region of the store is unknown").hint("set AWS_REGION");
        }
        return problem(where, "the request to the store failed").found(said(said));
    }

    private static Optional<IOException> ioCause(Throwable failure) {
        for (Throwable t = failure.getCause(); t != null; t = t.getCause()) {
            if (t instanceof IOException io) {
                return Optional.of(io);
            }
        }
        return Optional.empty();
    }

    private Problem unreachable(ObjectPath where, IOException failure) {
        boolean never =
                failure instanceof ConnectException
                        || failure instanceof UnknownHostException
                        || failure instanceof SSLException;
        return problem(
                        where,
                        never
                                ? "the store cannot be reached"
                                : "the connection to the store failed")
                .found(reason(failure) + " (" + server + ")")
                .hint(
                        failure instanceof SSLException
                                ? "if a proxy signs connections with its own certificate, name a"
                                        + " trust store that contains it in JMERGEKIT_OPTS:"
                                        + " -Djavax.net.ssl.trustStore=FILE"
                                : "check the connection, AWS_ENDPOINT_URL and HTTPS_PROXY, and try"
                                        + " again");
    }

    private static String reason(IOException failure) {
        return switch (failure) {
            case UnknownHostException _ -> "no such host";
            case SocketTimeoutException _ -> "no answer in time";
            default ->
                    failure.getMessage() == null || failure.getMessage().isBlank()
                            ? failure.getClass().getSimpleName()
                            : said(failure.getMessage());
        };
    }
}

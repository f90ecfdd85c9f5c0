package jmergekit.hub;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A server's response.
///
/// @param address the address that responded, after redirects
/// @param linkedHash the hash that the hub gave for the file when it redirected, if any
record HubResponse(
        HubRequest request,
        URI address,
        int status,
        HttpHeaders headers,
        Optional<String> linkedHash,
        BodyReader body)
        implements AutoCloseable {
    private static final Pattern CONTENT_RANGE =
            Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");
    private static final int LONGEST_MESSAGE = 100_000;

    /// The range in a Content-Range header, in bytes; `to` is inclusive.
    record Range(long from, long to, long size) {}

    boolean isSuccess() {
        return status / 100 == 2;
    }

    Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    /// Empty if the header is missing or invalid.
    Optional<Range> contentRange() {
        Matcher range = CONTENT_RANGE.matcher(header("Content-Range").orElse("").strip());
        return range.matches()
                ? Optional.of(
                        new Range(
                                Long.parseLong(range.group(1)),
                                Long.parseLong(range.group(2)),
                                Long.parseLong(range.group(3))))
                : Optional.empty();
    }

    /// The size of the body in bytes, if the header gives it.
    OptionalLong contentLength() {
        try {
            return headers.firstValueAsLong("Content-Length");
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /// Returns this response if it is a success.
    ///
    /// @throws jmergekit.problem.MergeException if the hub refused the request
    HubResponse orRefuse(boolean hasToken) throws IOException {
        if (isSuccess()) {
            return this;
        }
        try (this) {
            throw Refusal.of(this, hasToken);
        }
    }

    /// The beginning of the body, for messages.
    String message() {
        try {
            return new String(
                    body.read(LONGEST_MESSAGE, _ -> {}), java.nio.charset.StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() {
        body.close();
    }
}

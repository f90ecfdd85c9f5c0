package jmergekit.hub;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A server that cannot answer now, but may do so later.
final class BusyException extends IOException {
    private static final long serialVersionUID = 1L;

    static final int TOO_MANY_REQUESTS = 429;
    private static final Set<Integer> STATUSES = Set.of(408, TOO_MANY_REQUESTS, 500, 502, 503, 504);

    /// `"api";r=0;t=55`: no requests left, more in 55 s (IETF draft on RateLimit headers).
    private static final Pattern RATE_LIMIT =
            Pattern.compile("\"\\s*;\\s*r\\s*=\\s*0\\s*;\\s*t\\s*=\\s*(\\d{1,9})");

    private final int status;
    private final transient Optional<Duration> wait;

    private BusyException(int status, Optional<Duration> wait) {
        super("HTTP " + status);
        this.status = status;
        this.wait = wait;
    }

    static boolean isBusy(int status) {
        return STATUSES.contains(status);
    }

    /// @param now the current time, for a response that gives a date
    static BusyException of(HubResponse response, Instant now) {
        Optional<Duration> wait =
                response.header("RateLimit")
                        .flatMap(BusyException::rateLimit)
                        .or(() ->
                                response.header("Retry-After")
                                        .flatMap(text -> retryAfter(text.strip(), now)));
        return new BusyException(response.status(), wait);
    }

    private static Optional<Duration> rateLimit(String text) {
        Matcher limit = RATE_LIMIT.matcher(text);
        return limit.find()
                ? Optional.of(Duration.ofSeconds(Long.parseLong(limit.group(1))))
                : Optional.empty();
    }

    // Seconds or a date (RFC 9110, 10.2.3).
    private static Optional<Duration> retryAfter(String text, Instant now) {
        if (text.matches("\\d{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        }
        try {
            Instant then =
                    ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            return Optional.of(then.isAfter(now) ? Duration.between(now, then) : Duration.ZERO);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    int status() {
        return status;
    }

    /// How long the server asks clients to wait, if it does.
    Optional<Duration> waitTime() {
        return wait;
    }
}

package jmergekit.hub;

import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A request to the hub or to a server that it redirects to.
///
/// @param where the name of the subject in messages
/// @param allowance how much longer than usual the response may take
record HubRequest(
        String where,
        String method,
        URI address,
        Map<String, String> headers,
        BodyPublisher body,
        Duration allowance) {
    private static final long SLOWEST_BYTES_PER_SECOND = 50_000;

    /// The time that the hub may need to assemble a large upload.
    private static final Duration LONG_WORK = Duration.ofMinutes(5);

    static HubRequest get(String where, URI address) {
        return new HubRequest(
                where, "GET", address, Map.of(), BodyPublishers.noBody(), Duration.ZERO);
    }

    static HubRequest post(String where, URI address, JsonNode json) {
        return post(
                where, address, "application/json", JsonMapper.shared().writeValueAsBytes(json));
    }

    static HubRequest post(String where, URI address, String type, byte[] body) {
        return new HubRequest(
                where,
                "POST",
                address,
                Map.of("Content-Type", type),
                BodyPublishers.ofByteArray(body),
                LONG_WORK);
    }

    /// @param bytes the size of the body
    static HubRequest put(String where, URI address, BodyPublisher body, long bytes) {
        return new HubRequest(
                where,
                "PUT",
                address,
                Map.of(),
                BodyPublishers.fromPublisher(body, bytes),
                LONG_WORK.plusSeconds(bytes / SLOWEST_BYTES_PER_SECOND));
    }

    HubRequest with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new HubRequest(where, method, address, more, body, allowance);
    }

    /// The same for bytes `from` to `to` of the file, both inclusive.
    HubRequest range(long from, long to) {
        return with("Range", "bytes=" + from + "-" + to);
    }

    HubRequest to(URI other) {
        return new HubRequest(where, method, other, headers, body, allowance);
    }

    boolean isRead() {
        return method.equals("GET");
    }
}

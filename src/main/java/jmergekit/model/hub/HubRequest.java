package jmergekit.model.hub;

import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A request to the hub or to where it sends us.
///
/// @param where what messages name
/// @param bytes of the body, which decide how long an answer may take
record HubRequest(
        String where,
        String method,
        URI address,
        Map<String, String> headers,
        BodyPublisher body,
        long bytes) {
    private static final long SLOWEST_BYTES_PER_SECOND = 50_000;

    static HubRequest get(String where, URI address) {
        return new HubRequest(where, "GET", address, Map.of(), BodyPublishers.noBody(), 0);
    }

    static HubRequest post(String where, URI address, JsonNode json) {
        byte[] text = JsonMapper.shared().writeValueAsBytes(json);
        return new HubRequest(
                where,
                "POST",
                address,
                Map.of("Content-Type", "application/json"),
                BodyPublishers.ofByteArray(text),
                text.length);
    }

    HubRequest with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new HubRequest(where, method, address, more, body, bytes);
    }

    /// The same with bytes `from` to `to` of the file, both included.
    HubRequest range(long from, long to) {
        return with("Range", "bytes=" + from + "-" + to);
    }

    HubRequest to(URI other) {
        return new HubRequest(where, method, other, headers, body, bytes);
    }

    /// How long to wait for the first byte of the answer, which comes after the body is sent.
    Duration timeout(Duration patience) {
        return patience.plusSeconds(bytes / SLOWEST_BYTES_PER_SECOND);
    }
}

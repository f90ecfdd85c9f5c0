package jmergekit.hub;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Uploads one large file to the hub's storage, as the response of the batch API specifies: in one
/// piece, or in parts.
final class LfsUpload {
    private static final String PUBLIC_HUB = "https://huggingface.co/";
    private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9-]+");
    private static final Pattern HEADER_VALUE = Pattern.compile("[\\x20-\\x7e]*");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
    // Headers that the client sets itself.
    private static final Set<String> RESERVED =
            Set.of("connection", "content-length", "expect", "host", "upgrade");

    private final HubClient client;
    private final String where;
    private final UploadFile file;
    private final String sha256;
    private final JsonNode actions;
    private final TransferProgress progress;

    /// @param actions the actions in the batch API's response for this file
    LfsUpload(
            HubClient client,
            String where,
            UploadFile file,
            String sha256,
            JsonNode actions,
            TransferProgress progress) {
        this.client = client;
        this.where = where;
        this.file = file;
        this.sha256 = sha256;
        this.actions = actions;
        this.progress = progress;
    }

    void run() {
        JsonNode upload = actions.path("upload");
        JsonNode header = upload.path("header");
        if (header.has("chunk_size")) {
            parts(address(upload), header);
        } else {
            HubRequest put =
                    HubRequest.put(where, address(upload), body(0, file.size()), file.size());
            for (Map.Entry<String, JsonNode> e : header.properties()) {
                put = withHeader(put, e.getKey(), e.getValue().asString(""));
            }
            send(put);
        }
        JsonNode verify = actions.path("verify");
        if (verify.isObject()) {
            ObjectNode object = JsonMapper.shared().createObjectNode();
            send(
                    HubRequest.post(
                            where,
                            address(verify),
                            object.put("oid", sha256).put("size", file.size())));
        }
    }

    private void parts(URI completion, JsonNode header) {
        long partBytes = number(header.path("chunk_size").asString(""));
        Map<Long, String> addresses = new TreeMap<>();
        for (Map.Entry<String, JsonNode> e : header.properties()) {
            if (NUMBER.matcher(e.getKey()).matches()) {
                addresses.put(number(e.getKey()), e.getValue().asString(""));
            }
        }
        if (partBytes < 1 || addresses.size() != Math.ceilDiv(file.size(), partBytes)) {
            throw malformed();
        }
        ObjectNode done = JsonMapper.shared().createObjectNode();
        done.put("oid", sha256);
        ArrayNode parts = done.putArray("parts");
        long from = 0;
        for (String address : addresses.values()) {
            long bytes = Math.min(partBytes, file.size() - from);
            String etag =
                    client.send(
                            HubRequest.put(where, address(address), body(from, bytes), bytes),
                            response ->
                                    response.orRefuse(client.hasToken())
                                            .header("ETag")
                                            .orElseThrow(this::malformed));
            parts.addObject().put("partNumber", parts.size()).put("etag", etag);
            from += bytes;
        }
        send(HubRequest.post(where, completion, done));
    }

    private void send(HubRequest request) {
        client.send(request, response -> response.orRefuse(client.hasToken()).status());
    }

    private URI address(JsonNode action) {
        return address(action.path("href").asString(""));
    }

    // Behind a mirror, the hub still uses its own name in addresses.
    private URI address(String href) {
        String text =
                href.startsWith(PUBLIC_HUB)
                        ? client.settings().endpoint() + "/" + href.substring(PUBLIC_HUB.length())
                        : href;
        return HubClient.resolved(client.settings().endpoint(), text).orElseThrow(this::malformed);
    }

    private static HubRequest withHeader(HubRequest request, String name, String value) {
        boolean usable =
                HEADER_NAME.matcher(name).matches()
                        && HEADER_VALUE.matcher(value).matches()
                        && !RESERVED.contains(name.toLowerCase(java.util.Locale.ROOT));
        return usable ? request.with(name, value) : request;
    }

    private static long number(String text) {
        return NUMBER.matcher(text).matches() ? Long.parseLong(text) : -1;
    }

    private MergeException malformed() {
        return new MergeException(
                Problem.output(where, "the hub does not say how to upload the file"));
    }

    /// A body that can be sent more than once.
    private BodyPublisher body(long from, long bytes) {
        AtomicLong sent = new AtomicLong();
        return BodyPublishers.ofInputStream(() -> {
            progress.moved(-sent.getAndSet(0));
            try {
                InputStream in = Files.newInputStream(file.source());
                in.skipNBytes(from);
                return new Part(in, bytes, sent, progress);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /// A number of bytes of a file, counted as they are read.
    private static final class Part extends FilterInputStream {
        private final AtomicLong sent;
        private final TransferProgress progress;
        private long left;

        Part(InputStream in, long bytes, AtomicLong sent, TransferProgress progress) {
            super(in);
            this.left = bytes;
            this.sent = sent;
            this.progress = progress;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int n = super.read(buffer, offset, (int) Math.min(length, left));
            if (n > 0) {
                left -= n;
                sent.addAndGet(n);
                progress.moved(n);
            }
            return n;
        }
    }
}

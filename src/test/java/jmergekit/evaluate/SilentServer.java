package jmergekit.evaluate;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/// A server that begins an answer, and never ends it.
final class SilentServer implements AutoCloseable {
    private static final String BEGINNING =
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\nup";

    private final ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicBoolean asked = new AtomicBoolean();

    SilentServer() throws IOException {
        threads.execute(this::serve);
    }

    private void serve() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                client.getInputStream().read();
                client.getOutputStream().write(BEGINNING.getBytes(StandardCharsets.US_ASCII));
                client.getOutputStream().flush();
                asked.set(true);
            } catch (IOException e) {
                // The server was closed, or a client left.
            }
        }
    }

    String url() {
        return "http://127.0.0.1:" + socket.getLocalPort() + "/v1";
    }

    boolean asked() {
        return asked.get();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        threads.shutdownNow();
    }
}

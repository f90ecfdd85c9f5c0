package jmergekit.evaluate;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import jmergekit.weights.IoReason;

/// Ports for servers on this machine, each for one server at a time: the system may hand out a port
/// twice before a server listens on it. Thread-safe.
final class FreePorts {
    private static final int TRIES = 100;

    private final Source source;
    private final Set<Integer> taken = new HashSet<>();

    /// Supplies candidate ports.
    @FunctionalInterface
    interface Source {
        int next() throws IOException;
    }

    FreePorts() {
        this(FreePorts::next);
    }

    FreePorts(Source source) {
        this.source = source;
    }

    private static int next() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /// A free port, reserved until it is released.
    synchronized int take() throws EvaluationException {
        try {
            for (int i = 0; i < TRIES; i++) {
                int port = source.next();
                if (taken.add(port)) {
                    return port;
                }
            }
        } catch (IOException e) {
            throw new EvaluationException("no free port found: " + IoReason.of(e), e);
        }
        throw new EvaluationException("no free port found");
    }

    synchronized void giveBack(int port) {
        taken.remove(port);
    }
}

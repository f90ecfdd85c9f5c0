package jmergekit.evaluate;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import jmergekit.weights.IoReason;

/// Ports for servers of this machine, each for one server at a time: the system gives out a port again
/// that no server listens at yet. Thread-safe.
final class FreePorts {
    private static final int TRIES = 100;

    private final Source source;
    private final Set<Integer> taken = new HashSet<>();

    /// Where ports come from.
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

    /// A port that nobody has, until it is given back.
    synchronized int take() throws EvaluationException {
        try {
            for (int i = 0; i < TRIES; i++) {
                int port = source.next();
                if (taken.add(port)) {
                    return port;
                }
            }
        } catch (IOException e) {
            throw new EvaluationException("there is no free port: " + IoReason.of(e), e);
        }
        throw new EvaluationException("there is no free port");
    }

    synchronized void giveBack(int port) {
        taken.remove(port);
    }
}

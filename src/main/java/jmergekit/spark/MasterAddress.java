package jmergekit.spark;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import org.jspecify.annotations.Nullable;

/// The address of a cluster. Spark itself takes a minute to notice that nothing answers there.
final class MasterAddress {
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final Pattern KNOWN =
            Pattern.compile(
                    "spark://.+|local|local\\[.+]|local-cluster\\[\\s*\\d+\\s*,\\s*\\d+\\s*,\\s*\\d+\\s*]"
                            + "|yarn|k8s://.+");
    private static final Pattern HOST = Pattern.compile("\\[?([^,]+?)]?:(\\d{1,5})");

    private MasterAddress() {}

    /// The problem if this is not an address of a cluster.
    static Optional<Problem> problem(String option, String address) {
        return KNOWN.matcher(address).matches()
                ? Optional.empty()
                : Optional.of(
                        Problem.usage(option, "not a valid address of a cluster")
                                .expected(
                                        "spark://HOST:PORT, local-cluster[N,CORES,MEMORY],"
                                                + " local[N], yarn"
                                                + " or k8s://…")
                                .found("'" + address + "'"));
    }

    /// Refuses a standalone master that does not answer.
    static void check(String option, String address) {
        if (address.startsWith("spark://")) {
            checkMasters(option, address);
        }
    }

    // One of several masters is enough.
    private static void checkMasters(String option, String address) {
        @Nullable String reason = "no HOST:PORT";
        for (String host : address.substring("spark://".length()).split(",")) {
            Matcher matcher = HOST.matcher(host.strip());
            if (matcher.matches()) {
                reason = failure(matcher.group(1), Integer.parseInt(matcher.group(2)));
                if (reason == null) {
                    return;
                }
            }
        }
        throw new MergeException(
                Problem.usage(option, "no Spark master answers there")
                        .found("%s: %s".formatted(address, reason))
                        .hint("check that org.apache.spark.deploy.master.Master is running"));
    }

    private static @Nullable String failure(String host, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, Math.min(port, 65_535)), TIMEOUT_MILLIS);
            return null;
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        } catch (IllegalArgumentException e) {
            return "no such port";
        }
    }
}

package jmergekit.evaluate;

import java.net.URI;
import java.util.Set;
import jmergekit.config.EvaluatorConfig;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// The address that a search's file gives its servers.
final class ServerAddress {
    static final String PORT = "{port}";

    private static final int HIGHEST_PORT = 65_535;

    private ServerAddress() {}

    /// @param served whether the command that starts a server has a placeholder for its port
    /// @param slots number of servers at a time
    static void check(
            EvaluatorConfig.Endpoint config, boolean served, int slots, Problems problems) {
        boolean asked = config.url().contains(PORT);
        if (served != asked) {
            Problem problem =
                    Problem.recipe(
                                    config.at(),
                                    served
                                            ? "'serve' has a {port}, but 'url' has none"
                                            : "'url' has a {port}, but 'serve' has none")
                            .found(config.url());
            problems.add(
                    served
                            ? problem
                            : problem.hint(
                                    "pass {port} to the server in 'serve', or set 'url' to the server's fixed"
                                            + " address"));
        } else if (!asked && slots > 1) {
            problems.add(
                    Problem.recipe(
                                    config.at(),
                                    "several servers would have the same address at the same time")
                            .expected("{port} in 'serve' and 'url', or --jobs 1")
                            .found("%s and %d jobs".formatted(config.url(), slots)));
        }
        if (!isAddress(config.url().replace(PORT, "1"))) {
            problems.add(
                    Problem.recipe(config.at(), "'url' is not a server address")
                            .expected("an address such as http://127.0.0.1:{port}/v1")
                            .found(config.url()));
        }
    }

    private static boolean isAddress(String url) {
        try {
            URI uri = URI.create(url);
            return uri.getHost() != null
                    && Set.of("http", "https").contains(uri.getScheme())
                    && uri.getPort() <= HIGHEST_PORT
                    && uri.getPort() != 0
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}

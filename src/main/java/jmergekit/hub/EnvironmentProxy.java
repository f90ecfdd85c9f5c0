package jmergekit.hub;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;

/// The HTTP proxy from `HTTPS_PROXY`, `HTTP_PROXY` or `ALL_PROXY`, except for the hosts in
/// `NO_PROXY`. Without these variables, the JVM's system properties apply.
final class EnvironmentProxy extends ProxySelector {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1", "[::1]");

    private final Optional<Proxy> http;
    private final Optional<Proxy> https;
    private final List<String> exempt;

    /// @throws MergeException if a variable does not name a proxy
    EnvironmentProxy(Map<String, String> environment) {
        this.http = proxy(environment, "http_proxy");
        this.https = proxy(environment, "https_proxy");
        this.exempt =
                Arrays.stream(variable(environment, "no_proxy").orElse("").split(","))
                        .map(e -> e.strip().toLowerCase(Locale.ROOT).replaceFirst("^\\*?\\.", ""))
                        .filter(e -> !e.isEmpty())
                        .toList();
    }

    private static Optional<String> variable(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name))
                .or(() -> Optional.ofNullable(environment.get(name.toUpperCase(Locale.ROOT))))
                .map(String::strip)
                .filter(v -> !v.isEmpty());
    }

    private static Optional<Proxy> proxy(Map<String, String> environment, String name) {
        return variable(environment, name)
                .or(() -> variable(environment, "all_proxy"))
                .map(text -> parse(name.toUpperCase(Locale.ROOT), text));
    }

    private static Proxy parse(String name, String text) {
        try {
            URI proxy = new URI(text.contains("://") ? text : "http://" + text);
            if (proxy.getHost() != null && proxy.getScheme().startsWith("http")) {
                int port = proxy.getPort() >= 0 ? proxy.getPort() : 80;
                return new Proxy(
                        Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.getHost(), port));
            }
        } catch (URISyntaxException e) {
            // Reported below, like other texts that do not name a proxy. The text may hold a
            // password.
        }
        throw new MergeException(
                Problem.usage(name, "does not name an HTTP proxy")
                        .expected("an address such as 'http://proxy.example:3128'"));
    }

    @Override
    public List<Proxy> select(URI address) {
        Optional<Proxy> proxy = "https".equalsIgnoreCase(address.getScheme()) ? https : http;
        if (proxy.isEmpty()) {
            return ProxySelector.getDefault().select(address);
        }
        return List.of(isExempt(address) ? Proxy.NO_PROXY : proxy.get());
    }

    private boolean isExempt(URI address) {
        String host = String.valueOf(address.getHost()).toLowerCase(Locale.ROOT);
        return LOOPBACK.contains(host)
                || exempt.stream()
                        .anyMatch(e -> e.equals("*") || host.equals(e) || host.endsWith("." + e));
    }

    @Override
    public void connectFailed(URI address, SocketAddress proxy, IOException failure) {
        // The request itself fails with an error.
    }
}

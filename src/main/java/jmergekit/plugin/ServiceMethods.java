package jmergekit.plugin;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import jmergekit.method.MergeMethod;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// Creates the methods that a jar lists.
record ServiceMethods(PluginJar jar, ClassLoader loader, Problems problems) {
    private static final String SERVICE = MergeMethod.class.getName() + ": ";
    private static final String EXPECTED =
            "public classes that implement %s and have a public constructor without parameters"
                    .formatted(MergeMethod.class.getName());

    /// The methods, without those that cannot be created.
    List<MergeMethod> all() {
        List<MergeMethod> methods = new ArrayList<>();
        Problems before = new Problems();
        before.addAll(problems);
        Iterator<ServiceLoader.Provider<MergeMethod>> providers =
                ServiceLoader.load(MergeMethod.class, loader).stream().iterator();
        // After a problem, the loader goes on with the next class.
        while (hasNext(providers)) {
            add(providers, methods);
        }
        if (methods.isEmpty() && problems.all().equals(before.all())) {
            problems.add(refused("no class of this jar in " + PluginJar.ENTRY));
        }
        return methods;
    }

    private boolean hasNext(Iterator<ServiceLoader.Provider<MergeMethod>> providers) {
        while (true) {
            try {
                return providers.hasNext();
            } catch (ServiceConfigurationError e) {
                problems.add(refused(reason(e)));
            } catch (LinkageError e) {
                problems.add(incompatible(e));
            }
        }
    }

    private void add(
            Iterator<ServiceLoader.Provider<MergeMethod>> providers, List<MergeMethod> methods) {
        try {
            ServiceLoader.Provider<MergeMethod> provider = providers.next();
            // Not those of the class path, which every jar would show again.
            if (provider.type().getClassLoader() == loader) {
                methods.add(provider.get());
            }
        } catch (ServiceConfigurationError e) {
            Throwable cause = e.getCause();
            problems.add(
                    cause instanceof LinkageError linkage && !(isOfInitializer(linkage))
                            ? incompatible(linkage)
                            : refused(reason(e)));
        } catch (LinkageError e) {
            problems.add(isOfInitializer(e) ? refused(Fault.text(e)) : incompatible(e));
        }
    }

    private static boolean isOfInitializer(LinkageError error) {
        return error instanceof ExceptionInInitializerError;
    }

    private Problem refused(String reason) {
        return Problem.usage(jar.path(), "a merge method cannot be created")
                .expected(EXPECTED)
                .found(reason)
                .hint("report it to the plugin's author; this is a fault of the plugin");
    }

    private Problem incompatible(LinkageError error) {
        return Problem.usage(jar.path(), "does not fit this version of jmergekit or Java")
                .expected("classes for Java %d or older".formatted(Runtime.version().feature()))
                .found(Fault.text(error))
                .hint("get a version of the plugin that was built for this version of jmergekit");
    }

    private static String reason(ServiceConfigurationError error) {
        String text = String.valueOf(error.getMessage());
        String what = text.startsWith(SERVICE) ? text.substring(SERVICE.length()) : text;
        Throwable cause = error.getCause();
        return cause == null ? what : what + ": " + Fault.text(cause);
    }
}

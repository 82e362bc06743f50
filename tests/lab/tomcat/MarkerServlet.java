// Copyright (c) 2026, The hardening.atlassian authors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Answers every method with the name of the mapping that Tomcat chose: the judge of what a path reached. Like the products it sends
 * banners and protective headers of its own, tells who it thinks the client is, and fails on demand (?answer=500). It takes headers to
 * send from the query as well (?set=Name:value in the place of its own, ?add=Name:value beside them).
 */
public class MarkerServlet extends HttpServlet {
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String marker = getServletName();
        long length = 0;
        if ("PUT".equals(request.getMethod())) {
            byte[] buffer = new byte[65536];
            for (int read = request.getInputStream().read(buffer); read >= 0; read = request.getInputStream().read(buffer)) {
                length += read;
            }
        }
        String body = "{\"marker\": " + json(marker)
            + ", \"contextPath\": " + json(request.getContextPath())
            + ", \"servletPath\": " + json(request.getServletPath())
            + ", \"pathInfo\": " + json(request.getPathInfo())
            + ", \"requestURI\": " + json(request.getRequestURI())
            + ", \"method\": " + json(request.getMethod())
            + ", \"forwardedFor\": " + json(request.getHeader("X-Forwarded-For"))
            + ", \"forwardedProto\": " + json(request.getHeader("X-Forwarded-Proto"))
            + ", \"realIp\": " + json(request.getHeader("X-Real-IP"))
            + ", \"forwarded\": " + json(request.getHeader("Forwarded")) + "}\n";
        body = body.replace("}\n", ", \"bodyLength\": " + length + "}\n");
        String answer = request.getParameter("answer");
        if (answer != null) {
            response.setStatus(Integer.parseInt(answer));
        }
        response.setHeader("X-Marker", marker);
        response.setHeader("Server", "Marker/1.2.3");
        response.setHeader("X-Powered-By", "Marker/1.2.3");
        response.setHeader("X-ASEN", "SEN-0000000");
        response.setHeader("X-AUSERNAME", "anonymous");
        response.setHeader("X-Frame-Options", "SAMEORIGIN");
        response.setHeader("X-XSS-Protection", "1; mode=block");
        for (String header : values(request, "set")) {
            response.setHeader(header.split(":", 2)[0], header.split(":", 2)[1]);
        }
        for (String header : values(request, "add")) {
            response.addHeader(header.split(":", 2)[0], header.split(":", 2)[1]);
        }
        response.setContentType("text/plain;charset=UTF-8");
        response.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
    }

    private static String[] values(HttpServletRequest request, String name) {
        String[] found = request.getParameterValues(name);
        return found == null ? new String[0] : found;
    }

    private static String json(String value) {
        if (value == null) {
            return "null";
        }
        StringBuilder text = new StringBuilder("\"");
        for (char c : value.toCharArray()) {
            if (c == '"' || c == '\\' || c < ' ') {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        return text.append('"').toString();
    }
}

# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who answers a name: httpd's own print, read as httpd decides."""

from __future__ import annotations

from ansible_collections.hardening.atlassian.plugins.module_utils._apache_vhosts import VirtualHost, parse, rivals, winners

BASE = "/etc/apache2/hardening-atlassian"
OURS = f"{BASE}/current/server.d/prx-01.conf"

# Printed by httpd 2.4.71 (Debian 13), addresses and names replaced.
DUMP = f"""VirtualHost configuration:
[2001:db8::1]:443      six.example.com (/etc/apache2/sites-enabled/six.conf:5)
192.0.2.1:443          one.example.com (/etc/apache2/sites-enabled/one.conf:5)
*:443                  is a NameVirtualHost
         default server unknown.invalid ({OURS}:18)
         port 443 namevhost unknown.invalid ({OURS}:18)
         port 443 namevhost jira.example.com ({OURS}:45)
         port 443 namevhost other.example.com (/etc/apache2/sites-enabled/other.conf:1)
                 alias www.example.com
                 wild alias *.jira.example.com
*:80                   jira.example.com ({OURS}:30)
"""


def host(names: str, port: int = 443, file: str = OURS, address: str = "*") -> VirtualHost:
    return VirtualHost(address, port, tuple(names.split()), file, 1)


def test_parse_keeps_order_names_and_places() -> None:
    assert parse(DUMP) == [
        VirtualHost("2001:db8::1", 443, ("six.example.com",), "/etc/apache2/sites-enabled/six.conf", 5),
        VirtualHost("192.0.2.1", 443, ("one.example.com",), "/etc/apache2/sites-enabled/one.conf", 5),
        VirtualHost("*", 443, ("unknown.invalid",), OURS, 18),
        VirtualHost("*", 443, ("jira.example.com",), OURS, 45),
        VirtualHost("*", 443, ("other.example.com", "www.example.com", "*.jira.example.com"), "/etc/apache2/sites-enabled/other.conf", 1),
        VirtualHost("*", 80, ("jira.example.com",), OURS, 30),
    ]


def test_the_first_with_the_name_wins_and_the_very_first_takes_unknown_names() -> None:
    first, second, third = host("a"), host("b x"), host("x c")
    assert winners([first, second, third], "x", 443) == [second]
    assert winners([first, second, third], "nobody", 443) == [first]
    assert winners([first], "a", 80) == []


def test_a_foreign_host_with_our_name_is_a_rival_even_where_it_loses() -> None:
    foreign = host("www.example.com jira.example.com", file="/etc/apache2/sites-enabled/x.conf")
    assert rivals([host("jira.example.com"), foreign], "JIRA.example.com", 443, BASE) == [foreign]
    assert rivals([host("jira.example.com"), foreign], "wiki.example.com", 443, BASE) == []


def test_a_foreign_host_on_an_address_of_its_own_is_a_rival_whatever_its_name() -> None:
    foreign = host("one.example.com", address="192.0.2.1", file="/etc/apache2/sites-enabled/one.conf")
    assert rivals([host("jira.example.com"), foreign], "jira.example.com", 443, BASE) == [foreign]
    assert rivals([host("jira.example.com"), foreign], "jira.example.com", 80, BASE) == []


def test_a_wild_alias_is_a_rival() -> None:
    foreign = host("x *.example.com", file="/etc/apache2/conf-enabled/000.conf")
    assert rivals([host("jira.example.com"), foreign], "jira.example.com", 443, BASE) == [foreign]
